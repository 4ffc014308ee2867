namespace JobCloud.Protocol.Homes;

/// <summary>Where things lie under <c>$JOBCLOUD_HOME</c>. Names only: nothing is touched.</summary>
public sealed record HomePaths(string Home)
{
    /// <summary>The longest path a unix socket can have, in bytes (sun_path of unix(7)).</summary>
    public const int SocketPathMax = 107;

    public string Run => $"{Home}/run";
    public string Log => $"{Home}/log";
    public string Store => $"{Home}/store";

    /// <summary>The public door: gRPC, for this user alone.</summary>
    public string GatewaySocket => $"{Run}/jobcloud.sock";
    public string ExecutorSocket => $"{Run}/executor.sock";

    /// <summary>The executor's door for terminals, a connection for each
    /// (terminals.proto).</summary>
    public string TerminalSocket => $"{Run}/terminal.sock";

    /// <summary>Held (fcntl lock) and filled with its pid by the one executor of this
    /// home.</summary>
    public string ExecutorLock => $"{Run}/executor.lock";

    /// <summary>The limits that an agent last gave the executor.</summary>
    public string ExecutorLimits => $"{Run}/executor.limits";

    /// <summary>Where in the machine's cgroups those of this home lie, a directory a
    /// line.</summary>
    public string Cgroups => $"{Run}/cgroups";

    /// <summary>Held (flock) by the one node of this home.</summary>
    public string NodeLock => $"{Run}/node.lock";

    /// <summary>The executor's record of what it started and how it ended.</summary>
    public string AttemptRecord => $"{Run}/attempts.log";

    /// <summary>In front of the PYTHONPATH of jobs.</summary>
    public string Python => $"{Run}/python";

    /// <summary>Where words of jobs to the system log arrive.</summary>
    public string SyslogSocket => $"{Run}/syslog.sock";

    /// <summary>What tells the node of this home from one of the same name elsewhere.</summary>
    public string Identity => $"{Run}/node.id";
    public string Journal => $"{Store}/journal.db";

    /// <summary>Results and ends of output, where they are kept in an embedded store.</summary>
    public string OutputStore => $"{Store}/outputs.db";
    public string Index => $"{Store}/index.db";
    public string NodeLog => $"{Log}/node.log";
    public string ExecutorLog => $"{Log}/executor.log";

    /// <summary>The user's own settings, laid over reference.conf.</summary>
    public string Settings => $"{Home}/jobcloud.conf";

    /// <summary>What a node or client proves itself by, as <c>jobcloud ca</c> hands it
    /// out.</summary>
    public string Tls => $"{Home}/tls";
    public string TlsAuthority => $"{Tls}/ca.pem";
    public string TlsCertificate => $"{Tls}/node.pem";
    public string TlsKey => $"{Tls}/node.key";
    public string TlsClientCertificate => $"{Tls}/client.pem";
    public string TlsClientKey => $"{Tls}/client.key";

    /// <summary>The CA with its secret key.</summary>
    public string Authority => $"{Home}/ca";

    /// <summary>A folder for each segment, with the files of its attempts.</summary>
    public string Attempts => $"{Home}/attempts";

    /// <summary>The files of one attempt.</summary>
    public AttemptPaths Attempt(long jid, int attempt) =>
        new($"{Attempts}/{jid >> 10}", $"{jid}.{attempt}");
}

/// <summary>The files of one attempt: <c>attempts/SEGMENT/JID.ATTEMPT.*</c>.</summary>
public sealed record AttemptPaths(string Folder, string Name)
{
    public string Stdout => $"{Folder}/{Name}.out";
    public string Stderr => $"{Folder}/{Name}.err";
    public string Stdin => $"{Folder}/{Name}.in";

    /// <summary>A copy of the return file, when the job names one.</summary>
    public string Result => $"{Folder}/{Name}.res";

    public string Logging => $"{Folder}/{Name}.log";
    public string Syslog => $"{Folder}/{Name}.sys";
    public string Profile => $"{Folder}/{Name}.prof";

    /// <summary>Sampled stacks, and what the sampler complained of, until the profile is
    /// made.</summary>
    public string ProfileData => $"{Folder}/{Name}.perf";
    public string ProfileTrouble => $"{Folder}/{Name}.perferr";

    /// <summary>A pipe that holds the job back until its sampler is there.</summary>
    public string ProfileGate => $"{Folder}/{Name}.gate";

    /// <summary>What it used over time, as length-delimited messages.</summary>
    public string Timeline => $"{Folder}/{Name}.tl";

    /// <summary>How far its start came, where it has a sandbox or a setup line.</summary>
    public string EntryNote => $"{Folder}/{Name}.note";

    /// <summary>Where a stream is; of a result, the copy of the return file.</summary>
    public string Of(OutputStream stream) =>
        stream switch
        {
            OutputStream.Stderr => Stderr,
            OutputStream.Result => Result,
            OutputStream.Logging => Logging,
            OutputStream.Syslog => Syslog,
            OutputStream.Profile => Profile,
            OutputStream.Timeline => Timeline,
            _ => Stdout,
        };

    /// <summary>A folder with the keys and settings of its SSH server, while it lives.</summary>
    public string Ssh => $"{Folder}/{Name}.ssh";

    /// <summary>What was dropped of stdout and stderr (<see cref="Homes.DropNote"/>); absent:
    /// nothing.</summary>
    public string DropNote => $"{Folder}/{Name}.drop";

    /// <summary>The next note, until it takes the place of the old one.</summary>
    public string NewDropNote => $"{DropNote}.new";

    /// <summary>The fresh working directory.</summary>
    public string Directory => $"{Folder}/{Name}.d";
}
