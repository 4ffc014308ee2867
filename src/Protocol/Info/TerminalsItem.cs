using JobCloud.Protocol.Api;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Info;

/// <summary>The open terminals of a job, one object each.</summary>
internal static class TerminalsItem
{
    public static InfoValue? Of(JobDetail job) =>
        job is { Status: Status.Processing, Terminals.Count: > 0 }
            ? new InfoValue.List([.. job.Terminals.Select(t => new InfoValue.Object([.. Of(t)]))])
            : null;

    private static IEnumerable<KeyValuePair<string, InfoValue>> Of(TerminalView terminal)
    {
        yield return new("id", new InfoValue.Text(terminal.Id));
        yield return new("by", new InfoValue.Text(terminal.By));
        yield return new("kind", new InfoValue.Text(TerminalMessages.Of(terminal.Kind)));
        if (terminal.Command.Length > 0)
            yield return new("command", new InfoValue.Text(terminal.Command));
        yield return new("since", new InfoValue.Instant(terminal.Since));
    }
}
