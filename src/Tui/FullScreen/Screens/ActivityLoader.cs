using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Screens;

/// <summary>Asks what happened in a period, at once and then again while it is shown.</summary>
internal sealed class ActivityLoader(MainWindow window)
{
    // The pause between requests, and its ratio to the time that the last answer took.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private const int PauseRatio = 20;

    private ActivityRequest? _wanted;
    private ActivityRequest? _answered;
    private TimeSpan _next;
    private bool _asking;
    private bool _changed;

    /// <summary>The counts of the period; null: they are not here yet.</summary>
    public ActivityReply? Reply { get; private set; }

    /// <summary>Why there are none, or which jobs they lack; empty: they have all.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Asks if that is due; returns whether something changed.</summary>
    public bool Tick(ActivityRequest wanted)
    {
        if (_wanted is null || !IsOf(wanted.SpanUs))
            (Reply, Note, _next) = (null, "", default);
        _wanted = wanted;
        // The past stays as it is.
        var isDue = window.Past is null ? window.Elapsed >= _next : !wanted.Equals(_answered);
        if (isDue && !_asking && !window.IsStale)
        {
            _asking = true;
            _ = AskAsync(wanted);
        }
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private bool IsOf(long spanUs) => _wanted?.SpanUs == spanUs;

    private async Task AskAsync(ActivityRequest request)
    {
        try
        {
            var asked = window.Elapsed;
            var call = CloudCalls.Activity.With(request);
            var answer = await window.Cloud.AskAsync(call, window.Life).ConfigureAwait(false);
            window.Post(() =>
            {
                _asking = false;
                if (!IsOf(request.SpanUs))
                    return;
                _answered = request;
                var pause = (window.Elapsed - asked) * PauseRatio;
                _next = window.Elapsed + (pause > Pause ? pause : Pause);
                var note = answer.Message is { } reply ? Lacking(reply) : answer.Refusal!.Message;
                _changed |= note != Note || !Equals(answer.Message ?? Reply, Reply);
                (Reply, Note) = (answer.Message ?? Reply, note);
            });
        }
        catch (OperationCanceledException) { }
    }

    private static string Lacking(ActivityReply reply) =>
        reply.CountedFrom > 0 ? $"without jobs before {reply.CountedFrom}"
        : reply.Unread > 0 ? $"without {reply.Unread} jobs of maps"
        : "";
}
