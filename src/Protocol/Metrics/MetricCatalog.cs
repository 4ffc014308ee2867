using JobCloud.Protocol.Access;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Metrics;

/// <summary>THE catalogue of metrics.</summary>
public static class MetricCatalog
{
    private const string Itself = "each node, about itself";
    private const string Segments = "each node, about the jobs whose state it keeps";
    private const string Singleton = "the node with the scheduler";

    /// <summary>Number of statuses of unfinished jobs, which come first.</summary>
    private const int Unfinished = 3;

    // Limits of histograms, in seconds.
    private static readonly double[] Brief =
    [
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];
    private static readonly double[] Long =
    [
        0.01,
        0.1,
        0.5,
        1,
        5,
        15,
        60,
        300,
        900,
        3_600,
        14_400,
        86_400,
        604_800,
    ];

    // The rows below fill it, so it is declared before them.
    private static readonly List<Metric> Rows = [];

    public static Metric Jobs { get; } =
        Gauge(
            "jobcloud_jobs",
            "Unfinished jobs by status.",
            Segments,
            Label("status", [.. StatusNames.All.Take(Unfinished)])
        );

    public static Metric Submitted { get; } =
        Counter("jobcloud_jobs_submitted_total", "Submitted jobs.", Segments);

    public static Metric Started { get; } =
        Counter("jobcloud_attempts_started_total", "Started attempts.", Segments);

    public static Metric Finished { get; } =
        Counter(
            "jobcloud_jobs_finished_total",
            "Jobs that finished, by final status and reason.",
            Segments,
            Label("status", [.. StatusNames.All.Skip(Unfinished)]),
            Label("reason", [.. Enum.GetValues<ReasonCode>().Select(ReasonText.CodeName)])
        );

    public static Metric QueueSeconds { get; } =
        Histogram(
            "jobcloud_job_queue_seconds",
            "Time from when a job could run to the start of its attempt.",
            Segments,
            Long
        );

    public static Metric RunSeconds { get; } =
        Histogram(
            "jobcloud_job_run_seconds",
            "Time from the start to the end of an attempt.",
            Segments,
            Long
        );

    public static Metric OutputBytes { get; } =
        Counter(
            "jobcloud_output_bytes_total",
            "Bytes of output and results of ended attempts.",
            Segments,
            Label("stream", ["stdout", "stderr", "result"])
        );

    public static Metric CommitSeconds { get; } =
        Histogram(
            "jobcloud_commit_seconds",
            "Time for a commit of job events to the store.",
            Segments,
            Brief
        );

    public static Metric CommitsFailed { get; } =
        Counter(
            "jobcloud_commits_failed_total",
            "Commits of job events that the store refused or did not confirm.",
            Segments
        );

    public static Metric RoundSeconds { get; } =
        Histogram(
            "jobcloud_scheduler_round_seconds",
            "Duration of a round of the scheduler.",
            Singleton,
            Brief
        );

    public static Metric NodeCores { get; } =
        Gauge(
            "jobcloud_node_cores",
            "Cores for jobs, and those allocated to jobs.",
            Itself,
            Label("kind", ["total", "allocated"])
        );

    public static Metric NodeMemory { get; } =
        Gauge(
            "jobcloud_node_memory_bytes",
            "Memory for jobs, memory allocated to jobs, and memory used by all processes of the machine.",
            Itself,
            Label("kind", ["total", "allocated", "used"])
        );

    public static Metric MachineCpuSeconds { get; } =
        Counter(
            "jobcloud_machine_cpu_seconds_total",
            "CPU time of all processes since the machine started; its rate is the cores in use.",
            Itself
        );

    public static Metric NodeState { get; } =
        Gauge(
            "jobcloud_node_state",
            "1 for the state of the node, 0 for the others.",
            Itself,
            Label("state", ["ready", "draining", "not_ready"])
        );

    public static Metric StoreBytes { get; } =
        Gauge(
            "jobcloud_store_bytes",
            "Size of the store's files on this machine, with their logs; with PostgreSQL, size of the index and of the whole database, which all nodes share.",
            Itself,
            Label("file", ["journal", "index", "outputs", "database"])
        );

    public static Metric DiskBytes { get; } =
        Gauge(
            "jobcloud_disk_bytes",
            "Size of the home's file system, its free space, and the reserve that output leaves free.",
            Itself,
            Label("kind", ["total", "free", "reserve"])
        );

    public static Metric Requests { get; } =
        Counter(
            "jobcloud_requests_total",
            "Answered requests by call and code: ok, or the code of the refusal.",
            Itself,
            Label("call", [.. CloudCalls.All.Select(call => call.Name)]),
            Label("code", RefusalNames.All)
        );

    public static Metric RequestSeconds { get; } =
        Histogram(
            "jobcloud_request_seconds",
            "Time to answer a request, except requests whose answer is a stream.",
            Itself,
            Brief,
            Label("call", [.. CloudCalls.All.Select(call => call.Name)])
        );

    public static Metric Connections { get; } =
        Gauge(
            "jobcloud_connections",
            "Open connections of clients.",
            Itself,
            Label("endpoint", ["socket", "tcp"])
        );

    public static Metric TokensRefused { get; } =
        Counter(
            "jobcloud_tokens_refused_total",
            "Requests without a valid access token at an endpoint that needs one.",
            Itself
        );

    public static Metric Fences { get; } =
        Counter(
            "jobcloud_fences_total",
            "Times that the executor killed all jobs because its lease had expired.",
            Itself
        );

    public static Metric ExecutorStart { get; } =
        Gauge(
            "jobcloud_executor_start_time_seconds",
            "Start of the executor, in seconds since 1970; it changes with each restart.",
            Itself
        );

    public static Metric IndexPending { get; } =
        Gauge("jobcloud_index_pending_rows", "Rows not yet written to the index.", Itself);

    public static Metric CertificateExpiry { get; } =
        Gauge(
            "jobcloud_certificate_expiry_time_seconds",
            "Expiry of the node's certificate, in seconds since 1970.",
            Itself
        );

    public static Metric BuildInfo { get; } =
        Gauge("jobcloud_build_info", "1, with the version.", Itself, Label("version", []));

    public static Metric ProcessCpuSeconds { get; } =
        Counter("process_cpu_seconds_total", "CPU time of jobcloud-node.", Itself);

    public static Metric ProcessMemory { get; } =
        Gauge("process_resident_memory_bytes", "Memory of jobcloud-node.", Itself);

    public static Metric ProcessStart { get; } =
        Gauge(
            "process_start_time_seconds",
            "Start of jobcloud-node, in seconds since 1970.",
            Itself
        );

    /// <summary>All metrics, in the order in which they are written.</summary>
    public static IReadOnlyList<Metric> All => Rows;

    private static MetricLabel Label(string name, IReadOnlyList<string> values) =>
        new(name, values);

    private static Metric Counter(
        string name,
        string help,
        string source,
        params MetricLabel[] labels
    ) => Add(new(name, MetricKind.Counter, help, source) { Labels = labels });

    private static Metric Gauge(
        string name,
        string help,
        string source,
        params MetricLabel[] labels
    ) => Add(new(name, MetricKind.Gauge, help, source) { Labels = labels });

    private static Metric Histogram(
        string name,
        string help,
        string source,
        double[] limits,
        params MetricLabel[] labels
    ) => Add(new(name, MetricKind.Histogram, help, source) { Limits = limits, Labels = labels });

    private static Metric Add(Metric metric)
    {
        Rows.Add(metric);
        return metric;
    }
}
