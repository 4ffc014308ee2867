using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Holds a statement of a node in the store, so that the node can be killed in the middle
/// of it. It opens by itself if nobody looks at it any more.</summary>
public sealed class StoreGate(PostgreSql store)
{
    private const string Install = """
        CREATE TABLE IF NOT EXISTS chaos_gate (closed_until TIMESTAMPTZ NOT NULL);
        CREATE OR REPLACE FUNCTION chaos_gate() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            WHILE EXISTS (SELECT 1 FROM chaos_gate WHERE closed_until > clock_timestamp()) LOOP
                PERFORM pg_sleep(0.02);
            END LOOP;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        END $$;
        DELETE FROM chaos_gate;
        INSERT INTO chaos_gate VALUES (clock_timestamp() + interval '20 seconds');
        """;

    private const string Look = """
        UPDATE chaos_gate SET closed_until = clock_timestamp() + interval '20 seconds';
        SELECT application_name FROM pg_stat_activity WHERE wait_event = 'PgSleep'
            AND application_name <> '' ORDER BY query_start LIMIT 1;
        """;

    /// <summary>Holds statements from now on.</summary>
    /// <param name="statement">Such as <c>INSERT ON journal</c>.</param>
    /// <param name="rows">The rows at which they are held, as a condition.</param>
    public void Close(string statement, string rows) =>
        store.Query(
            $"""
            {Install}
            CREATE TRIGGER chaos_gate BEFORE {statement} FOR EACH ROW WHEN ({rows})
                EXECUTE FUNCTION chaos_gate();
            """
        );

    /// <summary>The name of a node whose statement is held; null: there is none.</summary>
    public string? Held() => store.Query(Look) is { Length: > 0 } name ? name : null;

    /// <summary>Ends the connections of a node, so that its statements are not committed.</summary>
    public void Lose(string node) =>
        store.Query(
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{node}'"
        );

    /// <summary>Lets the statements go on.</summary>
    /// <param name="table">That of the held statements.</param>
    public void Open(string table) =>
        store.Query($"DELETE FROM chaos_gate; DROP TRIGGER chaos_gate ON {table};");
}
