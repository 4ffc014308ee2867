using Akka.Actor;
using Akka.TestKit;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Protocol;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Outputs;

public sealed class OutputReaderTests : ActorTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private readonly OutputHome _home = new();
    private readonly OutputSettings _settings = new() { LocalChunk = 10, WaitersMax = 2 };
    private readonly IActorRef _reader;

    public OutputReaderTests()
        : base(Silent + ManualTimers) =>
        _reader = Sys.ActorOf(OutputReader.Props(new(_home.Paths), _settings));

    [Theory]
    [InlineData(0, 0, 0, "0123456789")]
    [InlineData(5, 0, 5, "56789abcde")]
    [InlineData(5, 3, 5, "567")]
    [InlineData(5, 999, 5, "56789abcde")]
    [InlineData(-4, 0, 12, "cdef")]
    [InlineData(-99, 2, 0, "01")]
    [InlineData(16, 0, 16, "")]
    [InlineData(99, 0, 16, "")]
    public void A_read_returns_the_requested_part(long offset, int max, long from, string text)
    {
        _home.Write(1, "0123456789abcdef");
        var read = Ask(new() { Offset = offset, Max = max });
        Assert.Equal(
            (text, from, 16, true, false),
            (read.Data.ToStringUtf8(), read.Offset, read.Size, read.Ended, read.Missing)
        );
    }

    [Fact]
    public void The_result_is_the_return_file_or_else_stdout()
    {
        _home.Write(1, "out");
        var question = new ReadOutput { Stream = OutputStream.Result };
        Assert.Equal("out", Ask(question).Data.ToStringUtf8());
        File.WriteAllText(_home.Attempt(1).Result, "res");
        Assert.Equal("res", Ask(question).Data.ToStringUtf8());
    }

    [Fact]
    public void Stderr_is_a_separate_stream()
    {
        File.WriteAllText(_home.Attempt(1).Stderr, "err");
        Assert.Equal("err", Ask(new() { Stream = OutputStream.Stderr }).Data.ToStringUtf8());
    }

    [Fact]
    public void An_empty_file_is_empty_and_an_absent_one_is_missing()
    {
        Assert.True(Ask(new()).Missing);
        _home.Write(1, "");
        var read = Ask(new());
        Assert.Equal((0, false), (read.Data.Length, read.Missing));
    }

    [Fact]
    public void An_empty_stream_removed_at_its_end_is_empty()
    {
        File.WriteAllText(_home.Attempt(1).Stderr, "err");
        var read = Ask(new());
        Assert.Equal((0, 0, false), (read.Data.Length, read.Size, read.Missing));
    }

    [Fact]
    public void A_read_skips_dropped_bytes_at_the_start()
    {
        _home.Write(1, "\0\0\0\0efgh");
        var paths = _home.Attempt(1);
        File.WriteAllText(paths.DropNote, "4 0\n");
        var read = Ask(new() { Offset = 1 });
        Assert.Equal(("efgh", 4, 8), (read.Data.ToStringUtf8(), read.Offset, read.Size));
        Assert.Equal(4, read.Dropped);
        Assert.Equal("h", Ask(new() { Offset = -1 }).Data.ToStringUtf8());
    }

    [Fact]
    public void Output_that_a_live_attempt_has_not_written_yet_is_not_missing()
    {
        var read = Ask(new(), isAlive: true);
        Assert.Equal((false, false, 0), (read.Missing, read.Ended, read.Data.Length));
    }

    [Fact]
    public void Output_that_its_job_has_locked_is_still_readable()
    {
        _home.Write(1, "abc");
        using var locked = File.Open(
            _home.Attempt(1).Stdout,
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );
        Assert.Equal("abc", Ask(new()).Data.ToStringUtf8());
    }

    [Fact]
    public void A_waiting_reader_gets_new_bytes()
    {
        _home.Write(1, "abc");
        Send(new() { Offset = 3, Wait = true }, isAlive: true);
        Advance(_settings.PollInterval);
        ExpectNoMsg(Short);
        _home.Write(1, "de");
        Advance(_settings.PollInterval);
        var read = ExpectMsg<OutputRead>();
        Assert.Equal(("de", 3, false), (read.Data.ToStringUtf8(), read.Offset, read.Ended));
    }

    [Fact]
    public void A_waiting_reader_is_answered_when_the_file_appears()
    {
        Send(new() { Offset = -5, Wait = true }, isAlive: true);
        ExpectNoMsg(Short);
        _home.Write(1, "first");
        Advance(_settings.PollInterval);
        Assert.Equal("first", ExpectMsg<OutputRead>().Data.ToStringUtf8());
    }

    [Fact]
    public void A_waiting_reader_gets_the_rest_when_the_attempt_ends()
    {
        Send(new() { Wait = true }, isAlive: true);
        ExpectNoMsg(Short);
        _home.Write(1, "rest");
        _reader.Tell(new OutputReader.AttemptEnded(new(1, 2)));
        _reader.Tell(new OutputReader.AttemptEnded(new(1, 1)));
        var read = ExpectMsg<OutputRead>();
        Assert.Equal(("rest", true, false), (read.Data.ToStringUtf8(), read.Ended, read.Missing));
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_waiting_reader_gets_an_empty_answer_after_the_limit()
    {
        _home.Write(1, "abc");
        Send(new() { Offset = 3, Wait = true }, isAlive: true);
        ExpectNoMsg(Short);
        for (
            var waited = TimeSpan.Zero;
            waited < OutputReader.WaitLimit;
            waited += _settings.PollInterval
        )
            Advance(_settings.PollInterval);
        var read = ExpectMsg<OutputRead>();
        Assert.Equal((0, 3, 3, false), (read.Data.Length, read.Offset, read.Size, read.Ended));
    }

    [Fact]
    public void A_reader_does_not_wait_for_an_ended_attempt()
    {
        _home.Write(1, "abc");
        Assert.True(Ask(new() { Offset = 3, Wait = true }).Ended);
    }

    [Fact]
    public void A_reader_beyond_the_limit_of_waiters_is_answered_at_once()
    {
        for (var i = 0; i < 3; i++)
            Send(new() { Wait = true }, isAlive: true);
        ExpectMsg<OutputRead>();
        ExpectNoMsg(Short);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _home.Dispose();
    }

    private OutputRead Ask(ReadOutput question, bool isAlive = false)
    {
        Send(question, isAlive);
        return ExpectMsg<OutputRead>();
    }

    private void Send(ReadOutput question, bool isAlive)
    {
        (question.Jid, question.Attempt) = (1, 1);
        _reader.Tell(
            new OutputReader.ReadLocalOutput(question, isAlive, IsKnown: isAlive),
            TestActor
        );
    }

    private void Advance(TimeSpan time) => ((TestScheduler)Sys.Scheduler).Advance(time);
}
