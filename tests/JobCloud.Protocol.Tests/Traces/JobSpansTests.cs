using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Traces;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Traces;

public sealed class JobSpansTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ParentId = "b7ad6b7169203331";

    private readonly List<TraceSpan> _spans = [];
    private readonly JobStory _story;

    public JobSpansTests() =>
        _story = new JobStory
        {
            Committed = batch => _spans.AddRange(JobSpans.Of(batch.Effects.Moved.Values)),
        };

    [Fact]
    public void A_run_has_a_span_for_each_status_with_the_submitters_span_as_parent()
    {
        _story.Submit(with: spec =>
        {
            Trace(spec, "01");
            spec.Label = "night";
        });
        Assert.Empty(_spans);
        _story.Run(1, new Exit());

        Assert.Equal(
            [
                "queued attempt=1 jid=1 label=night node=n1 owner=ann status=processing",
                "processing attempt=1 exit.code=0 jid=1 label=night node=n1 owner=ann status=done",
            ],
            Told()
        );
        Assert.All(
            _spans,
            span =>
            {
                Assert.Equal(TraceId, Convert.ToHexStringLower(span.TraceId.Span));
                Assert.Equal(ParentId, Convert.ToHexStringLower(span.ParentSpanId.Span));
                Assert.Equal(8, span.SpanId.Length);
                Assert.Null(span.Outcome);
            }
        );
        var (queued, run) = (_spans[0], _spans[1]);
        Assert.Equal((ulong)_story[1].Slice.Created * 1000, queued.StartNs);
        Assert.Equal(queued.EndNs, run.StartNs);
        Assert.Equal(1_005_000UL, run.EndNs - run.StartNs);
        Assert.NotEqual(queued.SpanId, run.SpanId);
    }

    [Fact]
    public void Each_attempt_has_one_span_and_failures_are_errors()
    {
        _story.Submit(with: spec => spec.Retries = 1);
        _story.Run(1, new Exit { Code = 7 });
        Assert.Equal(
            [
                "queued attempt=1 jid=1 node=n1 owner=ann status=processing",
                "processing attempt=1 exit.code=7 jid=1 node=n1 owner=ann reason=exit status=queued: exit 7",
            ],
            Told()
        );
        var requeued = _spans[1].EndNs;
        _spans.Clear();

        _story.Run(1, new Exit { Code = 7 });
        Assert.Equal(
            [
                "queued attempt=2 jid=1 node=n1 owner=ann status=processing",
                "processing attempt=2 exit.code=7 jid=1 node=n1 owner=ann reason=exit status=error: exit 7",
            ],
            Told()
        );
        Assert.True(_spans[0].StartNs >= requeued - 5_000);
        _spans.Clear();

        _story.Change(Change.Retry, 1);
        Assert.Empty(_spans);
        _story.Run(1, new Exit());
        Assert.Equal(["queued", "processing"], _spans.Select(span => span.Name));
        _story.Change(Change.Delete, 1);
        Assert.Equal(2, _spans.Count);
    }

    [Fact]
    public void A_job_that_waits_has_a_span_for_that_too()
    {
        _story
            .Submit()
            .Submit(with: spec => spec.DependsOn.Add(new JidRange { First = 1, Last = 1 }))
            .Run(1, new Exit());
        Assert.Equal("waiting jid=2 owner=ann status=queued", Told()[^1]);
        Assert.Equal((ulong)_story[2].Queued * 1000, _spans[^1].EndNs);
    }

    [Fact]
    public void A_job_that_never_runs_has_one_span_with_the_reason()
    {
        _story
            .Submit()
            .Submit(2, spec => spec.DependsOn.Add(new JidRange { First = 1, Last = 1 }), map: true)
            .Change(Change.Kill, 1);
        Assert.Equal(
            [
                "queued jid=1 owner=ann reason=killed_by status=killed: killed by ann",
                "waiting jid=2 map=2 owner=ann reason=dependency status=stalled: dependency 1 failed (killed)",
                "waiting jid=3 map=2 owner=ann reason=dependency status=stalled: dependency 1 failed (killed)",
            ],
            Told()
        );
    }

    [Fact]
    public void A_lost_attempt_that_never_started_was_only_queued()
    {
        _story.Submit().Assign(1);
        _story.Report(
            new()
            {
                Jid = 1,
                Attempt = 1,
                Ended = new AttemptEnd
                {
                    Exit = new Exit { NotStarted = "no such file" },
                    EndedAt = _story.Now,
                },
            }
        );
        Assert.Equal(
            "queued attempt=1 jid=1 node=n1 owner=ann reason=cannot_start status=error: cannot start: no such file",
            Assert.Single(Told())
        );
    }

    [Fact]
    public void Jobs_of_a_trace_that_is_not_kept_have_no_spans()
    {
        _story.Submit(with: spec => Trace(spec, "00")).Run(1, new Exit());
        Assert.Empty(_spans);
    }

    [Fact]
    public void A_job_without_a_trace_has_one_of_its_own()
    {
        _story.Submit(with: spec => spec.Retries = 1).Submit();
        _story.Run(1, new Exit { Code = 1 }).Run(1, new Exit()).Run(2, new Exit());
        Assert.Equal([4, 2], _spans.GroupBy(span => span.TraceId).Select(group => group.Count()));
        Assert.Equal(6, _spans.Select(span => span.SpanId).Distinct().Count());
        Assert.All(
            _spans,
            span => Assert.Equal((16, 0), (span.TraceId.Length, span.ParentSpanId.Length))
        );
    }

    [Theory]
    [InlineData(1, null, null, 1)]
    [InlineData(2, 503, null, 2)]
    [InlineData(4, 429, null, 8)]
    [InlineData(1, 429, 7, 7)]
    [InlineData(1, 429, 3600, 60)]
    [InlineData(5, 503, null, null)]
    [InlineData(1, 400, null, null)]
    [InlineData(1, 500, 7, null)]
    public void Only_temporary_failures_are_retried_and_not_for_ever(
        int tries,
        int? status,
        int? asked,
        int? wait
    ) =>
        Assert.Equal(
            wait is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null,
            SpanDelivery.NextTry(
                tries,
                status,
                asked is { } time ? TimeSpan.FromSeconds(time) : null
            )
        );

    private static void Trace(JobSpec spec, string flags) =>
        spec.Variables.Add(
            new Variable { Name = "TRACEPARENT", Value = $"00-{TraceId}-{ParentId}-{flags}" }
        );

    /// <summary>The spans as text: name, attributes, message.</summary>
    private List<string> Told() =>
        [
            .. _spans.Select(span =>
                $"{span.Name} "
                + string.Join(
                    ' ',
                    span.Attributes.Select(one =>
                            $"{one.Key.Split('.', 2)[1]}={(one.Value.Text.Length > 0 ? one.Value.Text : one.Value.Number)}"
                        )
                        .Order(StringComparer.Ordinal)
                )
                + (span.Outcome is null ? "" : $": {span.Outcome.Message}")
            ),
        ];
}
