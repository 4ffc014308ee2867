using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Client.Nodes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Client;

/// <summary>
/// A connection to a JobCloud cloud: submits jobs, waits for them, and reads their results, output
/// and events. All members can be used by several threads at once. A request is repeated for up to
/// 20 s while the node restarts; none is carried out twice.
/// </summary>
/// <remarks>All methods throw <see cref="JobCloudException"/> for a request that is refused or gets
/// no answer, and <see cref="OperationCanceledException"/> when they are cancelled. A request that
/// is cancelled may have been carried out.</remarks>
public sealed partial class JobCloudClient : IDisposable
{
    private static readonly SettingNames Names = new(
        nameof(JobCloudClientOptions.Server),
        nameof(JobCloudClientOptions.CaFile),
        nameof(JobCloudClientOptions.TokenFile),
        nameof(JobCloudClientOptions.Timeout)
    );

    private readonly CloudConnection _cloud;
    private readonly Endpoint _endpoint;

    /// <summary>The job of this cloud that runs this process; 0: none.</summary>
    private readonly long _inside;

    private JobCloudClient(CloudConnection cloud, Endpoint endpoint, long inside) =>
        (_cloud, _endpoint, _inside) = (cloud, endpoint, inside);

    /// <summary>Connects to a node.</summary>
    /// <param name="options">Where; null: as the command <c>jobcloud</c> does without
    /// options, but no node is started.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="JobCloudException">No node answers (<c>unavailable</c>), or the options are
    /// wrong (<c>usage</c>).</exception>
    public static async Task<JobCloudClient> ConnectAsync(
        JobCloudClientOptions? options = null,
        CancellationToken cancel = default
    )
    {
        options ??= new JobCloudClientOptions();
        var endpoint = EndpointOf(options, Environment.GetEnvironmentVariable);
        var cloud = await ErrorTranslation
            .CallAsync(
                endpoint,
                () => Autostart.ConnectAsync(endpoint, StartNotices.None, cancel),
                cancel
            )
            .ConfigureAwait(false);
        var inside =
            options.Server is null && endpoint.NamesServer
                ? ConnectionVariables.JobOf(Environment.GetEnvironmentVariable)
                : 0;
        return new JobCloudClient(cloud, endpoint, inside);
    }

    /// <summary>Closes the connection. Streams that are still open fail.</summary>
    public void Dispose() => _cloud.Dispose();

    internal static Endpoint EndpointOf(
        JobCloudClientOptions options,
        Func<string, string?> variable
    )
    {
        if (
            options.Timeout <= TimeSpan.Zero
            && options.Timeout != System.Threading.Timeout.InfiniteTimeSpan
        )
            throw new ArgumentOutOfRangeException(nameof(options), "Timeout must be above zero.");
        var home = options.Home ?? Given(ConnectionVariables.Home);
        var server = options.Server ?? Given(ConnectionVariables.Server) ?? "";
        var directory = Environment.CurrentDirectory;
        return new Endpoint
        {
            Timeout =
                options.Timeout == System.Threading.Timeout.InfiniteTimeSpan
                    ? TimeSpan.Zero
                    : options.Timeout,
            Paths = new HomePaths(
                Path.GetFullPath(home ?? HomePaths.DefaultHome(variable), directory)
            ),
            Server = server,
            TokenFile = options.TokenFile ?? Given(ConnectionVariables.TokenFile) ?? "",
            CaFile = options.CaFile ?? Given(ConnectionVariables.CaFile) ?? "",
            Directory = directory,
            MachineNode =
                server.Length > 0 || home is not null
                    ? null
                    : new CloudAddress.Local(HomePaths.MachineSocket),
            IsCutOff = ConnectionVariables.IsCutOff(variable, server.Length > 0, home is not null),
            StartsNode = options.Autostart && server.Length == 0,
            Programs = options.Programs is { } folder
                ? [Path.GetFullPath(folder, directory)]
                : (variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
            Names = Names,
        };

        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    private Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancel) =>
        ErrorTranslation.CallAsync(_endpoint, call, cancel);

    private IAsyncEnumerable<T> EachAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> items,
        CancellationToken cancel
    ) => ErrorTranslation.EachAsync(_endpoint, items(cancel), cancel);

    private static Submitter Submitter =>
        new(
            Environment.GetEnvironmentVariable,
            static () => Environment.GetEnvironmentVariables().Keys.Cast<string>(),
            Environment.CurrentDirectory
        );
}
