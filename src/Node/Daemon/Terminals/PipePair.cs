using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Two ends that are each other's: what goes out of one comes in at the other. Neither
/// side gets further ahead than a pipe holds.</summary>
internal sealed class PipePair
{
    public PipePair()
    {
        var (there, back) = (new Pipe(), new Pipe());
        Near = new End(back.Reader, there.Writer);
        Far = new End(there.Reader, back.Writer);
    }

    public ITerminalEnd Near { get; }
    public ITerminalEnd Far { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : ITerminalEnd
    {
        public async ValueTask DisposeAsync()
        {
            await Output.CompleteAsync();
            await Input.CompleteAsync();
        }
    }
}
