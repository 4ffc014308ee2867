namespace JobCloud.Client.Connections;

/// <summary>The environment variables from which clients take what they are not told.</summary>
internal static class ConnectionVariables
{
    public const string Home = "JOBCLOUD_HOME";

    /// <summary>Jobs have it, and their clients use the cloud that it names.</summary>
    public const string Server = "JOBCLOUD_SERVER";
    public const string TokenFile = "JOBCLOUD_TOKEN_FILE";
    public const string CaFile = "JOBCLOUD_CA_FILE";

    /// <summary>A job's own jid.</summary>
    public const string Jid = "JOBCLOUD_JID";

    /// <summary>Whether this process is in a job without a way to its cloud: one in a
    /// sandbox. Another node of its account must not be taken for that cloud, nor be
    /// started.</summary>
    /// <param name="variable">As in <see cref="JobOf"/>.</param>
    public static bool IsCutOff(Func<string, string?> variable, bool namesServer, bool namesHome) =>
        !namesServer && !namesHome && JobOf(variable) > 0;

    /// <summary>The job of the cloud of a server that runs this process; 0: none.</summary>
    /// <param name="variable">Reads a variable; null: it is not set.</param>
    public static long JobOf(Func<string, string?> variable) =>
        long.TryParse(variable(Jid), System.Globalization.CultureInfo.InvariantCulture, out var jid)
            ? jid
            : 0;
}
