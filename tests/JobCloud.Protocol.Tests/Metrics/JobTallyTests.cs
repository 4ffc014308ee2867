using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Metrics;

public sealed class JobTallyTests
{
    private readonly JobTally _tally = new();
    private readonly Dictionary<(Status, ReasonCode), long> _finished = [];
    private readonly List<double> _queueSeconds = [];
    private readonly List<double> _runSeconds = [];
    private readonly JobStory _story;
    private long _submitted;
    private long _started;
    private long _outputBytes;

    public JobTallyTests() => _story = new JobStory { Committed = Count };

    [Fact]
    public void A_submission_counts_each_of_its_jobs()
    {
        _story.Submit(3, map: true).Submit();
        Assert.Equal(4, _submitted);
        Assert.Empty(_finished);
    }

    [Fact]
    public void A_run_counts_its_start_its_times_its_output_and_its_end()
    {
        _story.Submit().Run(1, new Exit { StdoutBytes = 5, StderrBytes = 3 });
        Assert.Equal(1, _started);
        Assert.Equal(8, _outputBytes);
        Assert.Single(_queueSeconds, seconds => seconds > 0);
        Assert.Equal([1005e-6], _runSeconds);
        Assert.Equal(1, Finished(Status.Done, ReasonCode.None));
    }

    [Fact]
    public void A_failed_attempt_that_is_retried_does_not_count_as_a_finished_job()
    {
        _story.Submit(with: spec => spec.Retries = 1).Run(1, new Exit { Code = 7 });
        Assert.Empty(_finished);
        _story.Run(1, new Exit { Code = 7 });
        Assert.Equal(1, Finished(Status.Error, ReasonCode.Exit));
        Assert.Equal(2, _runSeconds.Count);
    }

    [Fact]
    public void A_job_killed_before_its_start_finishes_once()
    {
        _story.Submit().Change(Change.Kill, 1);
        _story.Change(Change.Delete, 1);
        Assert.Equal(1, Finished(Status.Killed, ReasonCode.KilledBy));
        Assert.Single(_finished);
    }

    [Fact]
    public void Jobs_that_wait_for_a_failed_job_are_stalled_once()
    {
        _story
            .Submit()
            .Submit(2, spec => spec.DependsOn.Add(new JidRange { First = 1, Last = 1 }), map: true)
            .Run(1, new Exit { Code = 1 });
        Assert.Equal(2, Finished(Status.Stalled, ReasonCode.Dependency));
        Assert.Equal(1, Finished(Status.Error, ReasonCode.Exit));
    }

    [Fact]
    public void A_clock_that_is_behind_gives_no_negative_times()
    {
        _story.Submit().Assign(1);
        _story.Report(
            new()
            {
                Jid = 1,
                Attempt = 1,
                Started = new AttemptStart { Pid = 1, StartedAt = 1 },
            }
        );
        Assert.Equal([0.0], _queueSeconds);
    }

    private long Finished(Status status, ReasonCode reason) =>
        _finished.GetValueOrDefault((status, reason));

    private void Count(PendingCommit batch)
    {
        _tally.Count(batch.Events, batch.Effects.Moved);
        _submitted += _tally.Submitted;
        _started += _tally.Started;
        _outputBytes += _tally.StdoutBytes + _tally.StderrBytes + _tally.ResultBytes;
        _queueSeconds.AddRange(_tally.QueueSeconds);
        _runSeconds.AddRange(_tally.RunSeconds);
        foreach (var (key, jobs) in _tally.Finished)
            _finished[key] = _finished.GetValueOrDefault(key) + jobs;
    }
}
