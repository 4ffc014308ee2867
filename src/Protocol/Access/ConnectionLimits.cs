namespace JobCloud.Protocol.Access;

/// <summary>Limits of the connections of one endpoint.</summary>
/// <param name="Total">Maximum number of connections.</param>
/// <param name="Strangers">Those that have not authenticated.</param>
/// <param name="StrangersPerAddress">Those of one address that have not authenticated.</param>
/// <param name="Users">Those of all users who are not admins; the others are for admins.</param>
/// <param name="PerUser">Those of one user who is no admin.</param>
public readonly record struct ConnectionLimits(
    int Total,
    int Strangers,
    int StrangersPerAddress,
    int Users,
    int PerUser
)
{
    /// <summary>Descriptors that the node needs for everything else.</summary>
    private const long OtherDescriptors = 512;

    /// <summary>The endpoints that share the descriptors.</summary>
    private const int Endpoints = 2;

    private const int FewestConnections = 16;

    /// <summary>The limits that follow from the number of connections: a quarter for strangers,
    /// half of it for one address; three quarters for users, two thirds of it for one
    /// user.</summary>
    /// <param name="wanted">The number in the settings.</param>
    /// <param name="descriptors">What the process may have open.</param>
    public static ConnectionLimits Of(int wanted, long descriptors)
    {
        var share = Math.Max(FewestConnections, (descriptors - OtherDescriptors) / Endpoints);
        var total = (int)Math.Min(wanted, share);
        return new(
            total,
            Math.Max(1, total / 4),
            Math.Max(1, total / 8),
            total - total / 4,
            Math.Max(1, total / 2)
        );
    }
}
