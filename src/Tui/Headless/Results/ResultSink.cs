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

    /// <summary>Called after the last, when all went well.</summary>
    public virtual void Complete() { }

    public virtual void Dispose() { }
}
