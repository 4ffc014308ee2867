using Akka.Actor;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Outputs;

namespace JobCloud.Node.Tests.Outputs;

public sealed class RetentionTests : TestKit
{
    private static readonly DateTimeOffset Today = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly OutputSettings Settings = new()
    {
        MaxAge = TimeSpan.FromDays(3),
        MaxTotal = 100,
        CheckInterval = TimeSpan.FromMilliseconds(20),
    };
    private readonly OutputHome home = new();

    public RetentionTests()
        : base("akka.loglevel = INFO") { }

    [Fact]
    public void Old_output_is_dropped_and_said_to_be_but_not_of_running_attempts()
    {
        Keep(1, bytes: 10, days: 9);
        Keep(2, bytes: 10, days: 8);
        Keep(5000, bytes: 10, days: 1);
        EventFilter.Info(contains: "max-age").ExpectOne(() => Start(live: [new(1, 1)]));
        Assert.Equal([1L, 5000], Kept());
    }

    [Fact]
    public void The_oldest_output_is_dropped_when_there_is_too_much()
    {
        Keep(1, bytes: 60, days: 1);
        Keep(2, bytes: 60, days: 2);
        EventFilter.Info(contains: "max-total").ExpectOne(() => Start(live: []));
        Assert.Equal([1L], Kept());
    }

    [Fact]
    public void All_files_of_an_attempt_go_and_no_others()
    {
        var paths = home.Attempt(1);
        foreach (var file in new[] { paths.Stdout, paths.Stderr, paths.Stdin, paths.Result })
            File.WriteAllText(file, "x");
        Directory.CreateDirectory(paths.Directory);
        File.WriteAllText($"{paths.Directory}/made", "by the job");
        File.WriteAllText(home.Attempt(1, 11).Stdout, "x");
        File.WriteAllText(home.Attempt(11).Stdout, "x");
        new KeptOutput(home.Paths).Remove(new(1, 1));
        var left = Directory.EnumerateFileSystemEntries(paths.Folder).Select(Path.GetFileName);
        Assert.Equal(["1.11.out", "11.1.out"], left.Order());
    }

    [Fact]
    public void The_size_of_a_folder_follows_its_files()
    {
        var kept = new KeptOutput(home.Paths);
        Assert.Empty(kept.Folders(new HashSet<AttemptId>(), Today));
        Keep(1, bytes: 10, days: 1);
        Assert.Equal(10, Assert.Single(kept.Folders(Live(1), Today)).Bytes);
        home.Write(1, "12345");
        Assert.Equal(15, Assert.Single(kept.Folders(Live(1), Today)).Bytes);
        home.Write(1, "67");
        Assert.Equal(17, Assert.Single(kept.Folders(new HashSet<AttemptId>(), Today)).Bytes);
        Keep(2, bytes: 3, days: 1);
        Assert.Equal(20, Assert.Single(kept.Folders(new HashSet<AttemptId>(), Today)).Bytes);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        home.Dispose();
    }

    private void Start(HashSet<AttemptId> live)
    {
        var agent = Sys.ActorOf(Props.Create(() => new Agent(new(live))));
        Sys.ActorOf(RetentionActor.Props(new(home.Paths), Settings, agent, new Standing()));
    }

    private void Keep(long jid, int bytes, int days)
    {
        home.Write(jid, new string('x', bytes));
        File.SetLastWriteTimeUtc(home.Attempt(jid).Stdout, Today.AddDays(-days).UtcDateTime);
    }

    private IEnumerable<long> Kept() =>
        Directory
            .EnumerateDirectories(home.Paths.Attempts)
            .SelectMany(KeptOutput.Attempts)
            .Select(a => a.Id.Jid)
            .Order();

    private static HashSet<AttemptId> Live(long jid) => [new(jid, 1)];

    private sealed class Agent(KnownAttempts known) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(known);
    }

    private sealed class Standing : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Today;
    }
}
