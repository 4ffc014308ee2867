using JobCloud.Client;
using JobCloud.Tui.Tests.Headless;

namespace JobCloud.Tui.Tests.Client;

/// <summary>Base class for tests of the client library with a scripted cloud.</summary>
public abstract class ClientTest : CommandTest
{
    private protected static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private protected JobCloudClientOptions Options => new() { Home = Paths.Home };

    private protected Task<JobCloudClient> ConnectAsync() => JobCloudClient.ConnectAsync(Options);
}
