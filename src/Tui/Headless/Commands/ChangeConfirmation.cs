using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Asks on a terminal before a command changes all jobs.</summary>
internal static class ChangeConfirmation
{
    public static CommandError Refused { get; } =
        new(ErrorKinds.NotConfirmed, "Not confirmed; nothing was changed.");

    /// <summary>Whether a selection contains everything.</summary>
    public static bool IsFor(Selection jobs) =>
        jobs.Items.Any(static item => item.Word is SelectionWord.All or SelectionWord.Unfinished);

    public static bool CanAsk(Invocation call) =>
        call.Terminal.InputIsTerminal && call.Terminal.ErrorIsTerminal;

    /// <summary>Asks on a terminal; elsewhere the selection itself is the confirmation.</summary>
    /// <param name="verb">Such as "Kill".</param>
    public static async Task<bool> ConfirmsAsync(
        Invocation call,
        CloudConnection cloud,
        Selection jobs,
        string verb
    )
    {
        if (!CanAsk(call))
            return true;
        var reply = await cloud.Api.StatusAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        var count = reply.Runs.Sum(static run => run.Count);
        return count == 0 || Confirms(call, verb, count);
    }

    /// <summary>Asks on the terminal.</summary>
    public static bool Confirms(Invocation call, string verb, long count)
    {
        call.Terminal.Error.Write($"{verb} {ChangeReports.Jobs(count)}? [y/N] ");
        using var reader = new StreamReader(call.Terminal.Input, leaveOpen: true);
        return reader.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
