using Akka.Actor;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Tests.Store;

/// <summary>A store for one test and an actor system that writes to it.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private TestStore(TestHome home, NodeStore store, ActorSystem system) =>
        (Home, Store, System) = (home, store, system);

    public TestHome Home { get; }
    internal NodeStore Store { get; }
    public ActorSystem System { get; }

    public static async Task<TestStore> OpenAsync()
    {
        var home = new TestHome();
        var settings = home.Settings();
        PrivateFolder.Create(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UnixEpoch,
            CancellationToken.None
        );
        var tls = TlsFiles.OfSingleNode(
            settings.Tls.Paths,
            settings.Paths,
            "n1",
            DateTimeOffset.UtcNow
        );
        return new TestStore(
            home,
            store,
            NodeSystem.Create(
                settings,
                new NodeTls(
                    tls,
                    clients: false,
                    bindsNames: false,
                    home.NodeLog,
                    TimeProvider.System
                ),
                store,
                home.NodeLog
            )
        );
    }

    /// <summary>An actor that writes the rows it receives and reports results to
    /// <paramref name="observer"/>.</summary>
    public IActorRef Writer(string id, IActorRef observer) =>
        System.ActorOf(Props.Create(() => new JournalWriter(id, observer)));

    /// <summary>Commits <paramref name="rows"/> rows to a segment's journal.</summary>
    public async Task FillAsync(long segment, int rows)
    {
        var inbox = Inbox.Create(System);
        var writer = Writer(ClusterNames.SegmentId(segment), inbox.Receiver);
        for (var i = 1; i <= rows; i++)
            writer.Tell(Row(i));
        while (
            await inbox.ReceiveAsync(TimeSpan.FromSeconds(10)) is not JournalWriter.Wrote { } wrote
            || wrote.SequenceNr < rows
        )
            continue;
        await writer.GracefulStop(TimeSpan.FromSeconds(5));
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await Store.ConnectAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public static JobsChanged Row(long jid) => new() { Events = { new JobEvent { Jid = jid } } };

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        Home.Dispose();
    }
}
