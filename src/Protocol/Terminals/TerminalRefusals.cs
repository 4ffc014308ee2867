namespace JobCloud.Protocol.Terminals;

/// <summary>Refusals of terminals by the job's node.</summary>
public static class TerminalRefusals
{
    public static Refusal NotHere(OpenTerminal open) =>
        Of(
            open,
            RefusalCode.NotFound,
            open.Attempt == 0
                ? $"Job {open.Jid} is not processing on this node."
                : $"Attempt {open.Attempt} of job {open.Jid} is not processing on this node."
        );

    public static Refusal NodeIsFull(OpenTerminal open, int most) =>
        Of(
            open,
            RefusalCode.Busy,
            $"This node has {most} open terminals, which is its limit; close one or try again later."
        );

    public static Refusal JobIsFull(OpenTerminal open, int most) =>
        Of(
            open,
            RefusalCode.Busy,
            $"Job {open.Jid} has {most} open terminals, which is the limit; close one first."
        );

    /// <param name="why">The reason, without a full stop.</param>
    public static Refusal CannotStart(OpenTerminal open, string why) =>
        Of(open, RefusalCode.Internal, $"Cannot open a terminal in job {open.Jid}: {why}.");

    private static Refusal Of(OpenTerminal open, RefusalCode code, string message) =>
        new()
        {
            Code = code,
            Message = message,
            Jid = open.Jid,
        };
}
