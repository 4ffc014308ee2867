using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Homes;

/// <summary>Paths under <c>$JOBCLOUD_HOME</c>. It only names files and accesses none.</summary>
public sealed record HomePaths(string Home)
{
    /// <summary>Maximum length of a unix socket path, in bytes (sun_path of unix(7)).</summary>
    public const int SocketPathMax = 107;

    /// <summary>The socket by which all accounts of a machine reach root's node in its default
    /// home or in <see cref="MachineHome"/>. Only root can create it.</summary>
    public const string MachineSocket = "/run/jobcloud/jobcloud.sock";

    /// <summary>The home of a node that serves a machine: services keep their state there
    /// (Filesystem Hierarchy Standard, /var/lib).</summary>
    public const string MachineHome = "/var/lib/jobcloud";

    /// <summary>The home of an account that names none.</summary>
    /// <param name="variable">Returns a variable of its environment; null: it is not set.</param>
    public static string DefaultHome(Func<string, string?> variable)
    {
        // The XDG Base Directory Specification requires relative paths to be ignored.
        if (variable("XDG_DATA_HOME") is { } data && data.StartsWith('/'))
            return $"{data.TrimEnd('/')}/jobcloud";
        var user = variable("HOME") is { Length: > 0 } own ? own : "/";
        return $"{user.TrimEnd('/')}/.local/share/jobcloud";
    }

    /// <summary>Whether a node that root runs in this home serves all accounts of the machine at
    /// <see cref="MachineSocket"/>.</summary>
    /// <param name="variable">As in <see cref="DefaultHome"/>.</param>
    public bool IsOfMachine(Func<string, string?> variable) =>
        Home == MachineHome || Home == DefaultHome(variable);

    public string Run => $"{Home}/run";
    public string Log => $"{Home}/log";
    public string Store => $"{Home}/store";

    /// <summary>The local endpoint of the gateway, for this user only.</summary>
    public string GatewaySocket => $"{Run}/jobcloud.sock";

    /// <summary>The local endpoint of the HTTP API, for this user only.</summary>
    public string HttpSocket => $"{Run}/http.sock";
    public string ExecutorSocket => $"{Run}/executor.sock";

    /// <summary>The executor's socket for terminals, one connection each
    /// (terminals.proto).</summary>
    public string TerminalSocket => $"{Run}/terminal.sock";

    /// <summary>The lock file (fcntl) of this home's only executor, with its pid. It lies with the
    /// store: without run/, a second executor must not start.</summary>
    public string ExecutorLock => $"{Store}/executor.lock";

    /// <summary>The limits that the executor last received from an agent.</summary>
    public string ExecutorLimits => $"{Run}/executor.limits";

    /// <summary>The cgroup directories of this home, one per line.</summary>
    public string Cgroups => $"{Run}/cgroups";

    /// <summary>The lock file (flock) of this home's only node; it lies with the store.</summary>
    public string NodeLock => $"{Store}/node.lock";

    /// <summary>The executor's record of started and ended attempts.</summary>
    public string AttemptRecord => $"{Run}/attempts.log";

    /// <summary>What jobs of all accounts use. The only directory besides
    /// <see cref="Attempts"/> that they can enter, if root runs the node.</summary>
    public string Open => $"{Home}/open";

    /// <summary>The local endpoint of the gateway for all accounts, if root runs the
    /// node.</summary>
    public string OpenGatewaySocket => $"{Open}/jobcloud.sock";

    /// <summary>The directory put before the PYTHONPATH of jobs.</summary>
    public string Python => $"{Open}/python";

    /// <summary>The module that the Python of jobs loads first.</summary>
    public string PythonModule => $"{Python}/sitecustomize.py";

    /// <summary>Empty files and directories for further attempts.</summary>
    public string Spare => $"{Run}/spare";

    /// <summary>The socket that receives system log messages of jobs.</summary>
    public string SyslogSocket => $"{Open}/syslog.sock";

    /// <summary>Identifies this home's node, whatever its name.</summary>
    public string Identity => $"{Home}/node.id";

    /// <summary>Where earlier versions kept the identity.</summary>
    public string OldIdentity => $"{Run}/node.id";

    /// <summary>The names that the node has had.</summary>
    public string NodeNames => $"{Home}/node.names";
    public string Journal => $"{Store}/journal.db";

    /// <summary>Asks the next node to start with an empty store; the node removes it.</summary>
    public string NewStoreRequest => $"{Store}/new-store";

    /// <summary>Tells the next node to use the store although the index is newer; the node removes
    /// it.</summary>
    public string OlderStoreRequest => $"{Store}/older-store";

    /// <summary>Results and ends of output, if the store is embedded.</summary>
    public string OutputStore => $"{Store}/outputs.db";
    public string Index => $"{Store}/index.db";

    /// <summary>Contents that submissions refer to, by their hash: those of an embedded store, or
    /// copies of those of a shared one.</summary>
    public string Blobs => $"{Store}/blobs";

    /// <summary>Copies for attempts that are about to start. They lie with the directories of
    /// attempts, into which the executor moves them.</summary>
    public string Copies => $"{Attempts}/copies";
    public string NodeLog => $"{Log}/node.log";
    public string ExecutorLog => $"{Log}/executor.log";

    /// <summary>The user's settings, which override reference.conf.</summary>
    public string Settings => $"{Home}/jobcloud.conf";

    /// <summary>Certificates and keys of this node or client, issued by
    /// <c>jobcloud ca</c>.</summary>
    public string Tls => $"{Home}/tls";
    public string TlsAuthority => $"{Tls}/ca.pem";
    public string TlsCertificate => $"{Tls}/node.pem";
    public string TlsKey => $"{Tls}/node.key";
    public string TlsClientCertificate => $"{Tls}/client.pem";
    public string TlsClientKey => $"{Tls}/client.key";

    /// <summary>The CA with its secret key.</summary>
    public string Authority => $"{Home}/ca";

    /// <summary>What no other account may enter or read.</summary>
    public IReadOnlyList<string> Private =>
        [Run, Log, Store, Tls, Authority, Settings, Identity, NodeNames];

    /// <summary>The files of attempts, in one directory per segment.</summary>
    public string Attempts => $"{Home}/attempts";

    /// <summary>The files of one attempt.</summary>
    public AttemptPaths Attempt(Jid jid, int attempt) =>
        new($"{Attempts}/{jid >> 10}", $"{jid}.{attempt}");
}

/// <summary>The files of one attempt: <c>attempts/SEGMENT/JID.ATTEMPT.*</c>.</summary>
public sealed record AttemptPaths(string Folder, string Name)
{
    public string Stdout => $"{Folder}/{Name}.out";
    public string Stderr => $"{Folder}/{Name}.err";
    public string Stdin => $"{Folder}/{Name}.in";

    /// <summary>A copy of the return file, if the job has one.</summary>
    public string Result => $"{Folder}/{Name}.res";

    public string Logging => $"{Folder}/{Name}.log";
    public string Syslog => $"{Folder}/{Name}.sys";
    public string Profile => $"{Folder}/{Name}.prof";

    /// <summary>The tracebacks of a Python job.</summary>
    public string Exception => $"{Folder}/{Name}.exc";

    /// <summary>Sampled stacks, until the profile is created.</summary>
    public string ProfileData => $"{Folder}/{Name}.perf";

    /// <summary>Error messages of the sampler, until the profile is created.</summary>
    public string ProfilerErrors => $"{Folder}/{Name}.perferr";

    /// <summary>A pipe that blocks the job until its sampler runs.</summary>
    public string ProfileGate => $"{Folder}/{Name}.gate";

    /// <summary>Its usage over time, as length-delimited samples.</summary>
    public string Timeline => $"{Folder}/{Name}.tl";

    /// <summary>The progress of its start, if it has a sandbox or a setup line.</summary>
    public string StartProgress => $"{Folder}/{Name}.note";

    /// <summary>The file of a stream; for a result, the copy of the return file.</summary>
    public string Of(OutputStream stream) =>
        stream switch
        {
            OutputStream.Stderr => Stderr,
            OutputStream.Result => Result,
            OutputStream.Logging => Logging,
            OutputStream.Syslog => Syslog,
            OutputStream.Profile => Profile,
            OutputStream.Exception => Exception,
            OutputStream.Timeline => Timeline,
            _ => Stdout,
        };

    /// <summary>A directory with the keys and settings of its SSH server, while it runs.</summary>
    public string Ssh => $"{Folder}/{Name}.ssh";

    /// <summary>The bytes dropped from its streams (<see cref="Homes.DropNote"/>); absent:
    /// none.</summary>
    public string DropNote => $"{Folder}/{Name}.drop";

    /// <summary>The next drop note, until it replaces the current one.</summary>
    public string NewDropNote => $"{DropNote}.new";

    /// <summary>The directory of its own: <c>$JOBCLOUD_DIR</c>.</summary>
    public string Directory => $"{Folder}/{Name}.d";
}
