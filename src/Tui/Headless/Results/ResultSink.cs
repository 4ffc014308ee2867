using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Receives results, one job after another.</summary>
internal abstract class ResultSink : IDisposable
{
    /// <summary>Called before the first result with the number of jobs.</summary>
    public virtual void Expect(long jobs) { }

    /// <summary>A stream for one result; disposing it ends the result.</summary>
    public abstract Stream Open(Jid jid);

    /// <summary>Records a job without a result.</summary>
    public abstract void AddFailure(CommandError error);

    /// <summary>The first incomplete result; null if all results are complete.</summary>
    public CommandError? Incomplete { get; private set; }

    /// <summary>Records a result with missing bytes.</summary>
    public void AddIncomplete(Jid jid, long missing) =>
        Incomplete ??= new(
            ErrorKinds.TornResult,
            $"The result of job {jid} is incomplete: {missing} bytes were not kept.",
            jid
        );

    /// <summary>Called after the last result, on success.</summary>
    public virtual void Complete() { }

    public virtual void Dispose() { }
}
