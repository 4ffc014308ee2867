using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Maps;

namespace JobCloud.Tui.FullScreen.Screens.Jobs;

/// <summary>Asks why jobs of the visible maps failed, one map at a time.</summary>
internal sealed class FailureLoader(MainWindow window)
{
    // The pause between requests, and its ratio to the time that the last answer took.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private const int PauseRatio = 4;

    // Maps that are remembered, at most.
    private const int MaxKnown = 1_000;

    private readonly Dictionary<long, Known> _known = [];
    private TimeSpan _next;
    private bool _asking;
    private bool _changed;

    /// <summary>The most frequent failure of a map; empty: none.</summary>
    public string Of(JobRow row)
    {
        var failed = JobVerb.Retry.Count(row);
        if (row.First == row.Last || failed == 0)
            return "";
        return _known.TryGetValue(row.First, out var known) && known.Text.Length > 0
            ? known.Text
            : $"{failed} failed";
    }

    /// <summary>Asks for the map that is due, if any; returns whether something changed.</summary>
    public bool Tick(IEnumerable<JobRow> visible)
    {
        if (!_asking && window.Elapsed >= _next)
            foreach (var row in visible)
                if (row.Last > row.First && IsDue(row))
                {
                    Ask(row.First, JobVerb.Retry.Count(row));
                    break;
                }
        var changed = _changed;
        _changed = false;
        return changed;
    }

    private bool IsDue(JobRow row)
    {
        var failed = JobVerb.Retry.Count(row);
        return failed > 0
            && !(_known.TryGetValue(row.First, out var known) && known.Failed == failed);
    }

    private void Ask(long first, long failed)
    {
        _asking = true;
        if (_known.Count >= MaxKnown)
            _known.Clear();
        _ = AskAsync(first, failed);
    }

    private async Task AskAsync(long first, long failed)
    {
        try
        {
            var asked = window.Elapsed;
            var request = CloudCalls.Map.With(new() { Jid = first, Failures = true });
            var answer = await window.Cloud.AskAsync(request, window.Life).ConfigureAwait(false);
            window.Post(() =>
            {
                var pause = (window.Elapsed - asked) * PauseRatio;
                (_asking, _changed) = (false, true);
                _next = window.Elapsed + (pause > Pause ? pause : Pause);
                var text = answer.Message is { } reply ? FailureText.Summary(reply.Failures) : "";
                _known[first] = new Known(failed, text);
            });
        }
        catch (OperationCanceledException) { }
    }

    private sealed record Known(long Failed, string Text);
}
