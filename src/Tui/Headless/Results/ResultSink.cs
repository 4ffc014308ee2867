using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Where results go, one job after another.</summary>
internal abstract class ResultSink : IDisposable
{
    /// <summary>Called before the first with how many jobs there are.</summary>
    public virtual void Expect(long jobs) { }

    /// <summary>Takes the bytes of one result until it is disposed.</summary>
    public abstract Stream Open(long jid);

    /// <summary>Notes a job that has no result.</summary>
    public abstract void Failed(Trouble trouble);

    /// <summary>The first result of which not all is kept; null: all are whole.</summary>
    public Trouble? Torn { get; private set; }

    /// <summary>Notes a result of which so many bytes are missing.</summary>
    public void Tear(long jid, long missing) =>
        Torn ??= new(
            ExitCodes.Refused,
            "torn-result",
            $"The result of job {jid} is not whole: {missing} bytes of it are not kept.",
            jid
        );

    /// <summary>Called after the last, when all went well.</summary>
    public virtual void Complete() { }

    public virtual void Dispose() { }
}
