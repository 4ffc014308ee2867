namespace JobCloud.Node.Daemon.Membership;

/// <summary>The statements on the tables through which nodes find each other
/// (Store/TableMigration.cs). All times are the store's clock.</summary>
internal static class MembershipTables
{
    /// <summary>Registers a node; a restarted node replaces its earlier session.</summary>
    public const string Register = """
        INSERT INTO nodes (name, address, session, roles, version, home, place, last_seen)
        VALUES (@name, @address, @session, @roles, @version, @home, @place, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET address = @address, session = @session, roles = @roles,
            version = @version, home = @home, place = @place, member = FALSE, gone = FALSE, alone = TRUE,
            last_seen = clock_timestamp()
        """;

    /// <summary>Finds a node of the same name in another home, or in a copy of this one elsewhere,
    /// with a recent heartbeat. One in the same home and place is dead, as a home has one
    /// node.</summary>
    public const string Namesake = """
        SELECT address, extract(epoch FROM last_seen)::float8, home = @home FROM nodes
        WHERE name = @name AND home <> '' AND NOT gone
            AND (home <> @home OR place NOT IN ('', @place))
            AND last_seen > clock_timestamp() - @silent * INTERVAL '1 second'
        """;

    public const string Others = """
        SELECT name, address, session, member AND NOT gone,
            extract(epoch FROM clock_timestamp() - last_seen)::float8
        FROM nodes WHERE name <> @name ORDER BY name
        """;

    /// <summary>A heartbeat; changes nothing if another session took the node's place or the node
    /// was removed.</summary>
    public const string Heartbeat = """
        UPDATE nodes SET last_seen = clock_timestamp(), member = @member, alone = @alone
        WHERE name = @name AND session = @session AND NOT gone
        """;

    /// <summary>Only one node at a time checks whether a cloud exists.</summary>
    public const string FormLock = "LOCK TABLE nodes IN SHARE ROW EXCLUSIVE MODE";

    /// <summary>Forms the cloud: removes all former members and makes this node the first, unless
    /// another member is alive. Nodes that are still starting will join it.</summary>
    public const string Form = """
        WITH living AS (
            SELECT 1 FROM nodes WHERE name <> @name AND member AND NOT gone
                AND last_seen > clock_timestamp() - @silent * INTERVAL '1 second'
        )
        UPDATE nodes SET
            gone = name <> @name AND (gone OR member),
            member = name = @name,
            epoch = (SELECT max(epoch) + 1 FROM nodes),
            last_seen = CASE WHEN name = @name THEN clock_timestamp() ELSE last_seen END
        WHERE NOT EXISTS (SELECT 1 FROM living)
            AND (name <> @name OR (session = @session AND NOT gone))
        """;

    /// <summary>Marks as removed the session that the cluster removed, and a later one that died
    /// before it became a member.</summary>
    public const string MarkRemoved = """
        UPDATE nodes SET gone = gone OR session = @session
            OR last_seen < clock_timestamp() - @silent * INTERVAL '1 second'
        WHERE name = @name
        RETURNING gone, extract(epoch FROM clock_timestamp() - last_seen)::float8
        """;

    public const string Traces = """
        SELECT name, gone, alone, extract(epoch FROM clock_timestamp() - last_seen)::float8 FROM nodes
        """;

    public const string AcquireLease = """
        INSERT INTO leases (name, owner, expires)
        VALUES (@name, @owner, clock_timestamp() + @seconds * INTERVAL '1 second')
        ON CONFLICT (name) DO UPDATE SET owner = @owner, expires = excluded.expires
        WHERE leases.owner = @owner OR leases.expires < clock_timestamp()
        """;

    public const string ReleaseLease = "DELETE FROM leases WHERE name = @name AND owner = @owner";
}
