using Akka.Actor;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Outputs;

public sealed class RetentionPolicyTests : ActorTest
{
    private static readonly DateTimeOffset Today = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly OutputSettings Settings = new()
    {
        MaxAge = TimeSpan.FromDays(3),
        MaxTotal = 100,
        CheckInterval = TimeSpan.FromMilliseconds(20),
    };
    private readonly OutputHome _home = new();

    public RetentionPolicyTests()
        : base("akka.loglevel = INFO") { }

    [Fact]
    public void Old_output_is_deleted_and_logged_except_of_running_attempts()
    {
        Keep(1, bytes: 10, days: 9);
        Keep(2, bytes: 10, days: 8);
        Keep(5000, bytes: 10, days: 1);
        EventFilter.Info(contains: "max-age").ExpectOne(() => Start(live: [new(1, 1)]));
        Assert.Equal(2, Assert.Single(ExpectMsg<ForgetJobs>().Attempts).Jid);
    }

    [Fact]
    public void The_oldest_output_is_deleted_when_there_is_too_much()
    {
        Keep(1, bytes: 60, days: 1);
        Keep(2, bytes: 60, days: 2);
        EventFilter.Info(contains: "max-total").ExpectOne(() => Start(live: []));
        Assert.Equal(2, Assert.Single(ExpectMsg<ForgetJobs>().Attempts).Jid);
    }

    [Fact]
    public void The_size_of_an_attempt_counts_all_its_files_without_dropped_bytes()
    {
        var paths = _home.Attempt(1);
        File.WriteAllText(paths.Stdout, "123");
        File.WriteAllText(paths.Stderr, "12");
        File.WriteAllText(paths.DropNote, "2 1\n");
        Directory.CreateDirectory($"{paths.Directory}/sub");
        File.WriteAllText($"{paths.Directory}/sub/made", "12345");
        File.WriteAllText(_home.Attempt(1, 11).Result, "1");
        var kept = OutputFolders.Attempts(paths.Folder);
        Assert.Equal(
            [(new AttemptId(1, 1), 7L), (new AttemptId(1, 11), 1L)],
            kept.Select(a => (a.Id, a.Bytes)).OrderBy(a => a.Id.Number)
        );
    }

    [Fact]
    public void A_missing_directory_has_no_attempts() =>
        Assert.Empty(OutputFolders.Attempts(_home.Paths.Attempt(new Jid(1), 1).Folder));

    [Fact]
    public void The_size_of_a_directory_follows_its_files()
    {
        var kept = new OutputFolders(_home.Paths);
        Assert.Empty(kept.Folders(new HashSet<AttemptId>(), Today));
        Keep(1, bytes: 10, days: 1);
        Assert.Equal(10, Assert.Single(kept.Folders(Live(1), Today)).Bytes);
        _home.Write(1, "12345");
        Assert.Equal(15, Assert.Single(kept.Folders(Live(1), Today)).Bytes);
        _home.Write(1, "67");
        Assert.Equal(17, Assert.Single(kept.Folders(new HashSet<AttemptId>(), Today)).Bytes);
        Keep(2, bytes: 3, days: 1);
        Assert.Equal(20, Assert.Single(kept.Folders(new HashSet<AttemptId>(), Today)).Bytes);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _home.Dispose();
    }

    private void Start(HashSet<AttemptId> live)
    {
        var agent = Sys.ActorOf(Props.Create(() => new Agent(new(live), _home, TestActor)));
        Sys.ActorOf(RetentionActor.Props(new(_home.Paths), Settings, agent, new FixedClock()));
    }

    private void Keep(long jid, int bytes, int days)
    {
        _home.Write(jid, new string('x', bytes));
        File.SetLastWriteTimeUtc(_home.Attempt(jid).Stdout, Today.AddDays(-days).UtcDateTime);
    }

    private static HashSet<AttemptId> Live(long jid) => [new(jid, 1)];

    private sealed class Agent(KnownAttempts known, OutputHome home, IActorRef test) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is ListAttempts)
                Sender.Tell(known);
            else if (message is ForgetJobs forget)
            {
                foreach (var key in forget.Attempts)
                    File.Delete(home.Attempt(key.Jid, key.Attempt).Stdout);
                test.Tell(message);
            }
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Today;
    }
}
