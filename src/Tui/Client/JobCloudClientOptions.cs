namespace JobCloud.Client;

/// <summary>Where and how a client connects. What is null is taken from the environment, as the
/// command <c>jobcloud</c> does.</summary>
public sealed record JobCloudClientOptions
{
    /// <summary>The server: <c>https://HOST:PORT</c> or <c>unix:PATH</c>; null: that of
    /// <c>JOBCLOUD_SERVER</c>, else the local node of <see cref="Home"/>.</summary>
    public string? Server { get; init; }

    /// <summary>The home of the local node; null: that of <c>JOBCLOUD_HOME</c>, else
    /// <c>~/.local/share/jobcloud</c>, and then the node that serves this machine.</summary>
    public string? Home { get; init; }

    /// <summary>The file with the access token of a remote server; null: that of
    /// <c>JOBCLOUD_TOKEN_FILE</c>, else no token is sent.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The file with the CA that signed the certificate of the server (PEM); null: that of
    /// <c>JOBCLOUD_CA_FILE</c>, else <c>tls/ca.pem</c> in the home, else those of the
    /// system.</summary>
    public string? CaFile { get; init; }

    /// <summary>The longest time for one request, above zero or
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> (default 60 s). It does not limit
    /// waits for jobs and followed streams: those survive any restart of the node.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether to start a local node where no server is named and none answers. It needs
    /// the programs of JobCloud on this machine, and outlives this process.</summary>
    public bool Autostart { get; init; }

    /// <summary>The directory of <c>jobcloud-executor</c>, for <see cref="Autostart"/>; null: the
    /// directories of <c>PATH</c>.</summary>
    public string? Programs { get; init; }
}
