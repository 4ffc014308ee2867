using System.IO.Pipelines;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Two connected ends: what one sends, the other receives. Neither side gets further ahead
/// than a pipe holds.</summary>
internal sealed class PipePair
{
    public PipePair()
    {
        var (forward, back) = (new Pipe(), new Pipe());
        Near = new End(back.Reader, forward.Writer);
        Far = new End(forward.Reader, back.Writer);
    }

    public ITerminalPipe Near { get; }
    public ITerminalPipe Far { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : ITerminalPipe
    {
        public async ValueTask DisposeAsync()
        {
            await Output.CompleteAsync();
            await Input.CompleteAsync();
        }
    }
}
