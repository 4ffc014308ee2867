using JobCloud.Protocol;
using JobCloud.Protocol.Terminals;
using JobCloud.Tui.Headless.Processes;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Tests.Headless.Terminals;

public sealed class TerminalSessionTests
{
    [Fact]
    public void A_refusal_before_the_close_is_returned()
    {
        var refusal = new Refusal { Message = "The node n1 is starting; try again in a moment." };
        Assert.Equal(
            new SessionEnd.Refused(refusal),
            End(new ClosedWire(new FromTerminal { Refusal = refusal }))
        );
    }

    [Fact]
    public void A_close_without_a_message_is_a_lost_node() =>
        Assert.Equal(new SessionEnd.ConnectionLost(false), End(new ClosedWire(null)));

    private static SessionEnd End(ITerminalConnection wire)
    {
        var terminal = new CommandProcess
        {
            Output = Stream.Null,
            Error = TextWriter.Null,
            Input = Stream.Null,
            Variable = _ => null,
            Directory = "/",
            Programs = "/nonexistent",
        };
        using var session = new TerminalSession(wire, terminal, new OpenTerminal { Jid = 7 });
        return session.Run();
    }

    /// <summary>A connection that the node closed after at most one message.</summary>
    private sealed class ClosedWire(FromTerminal? last) : ITerminalConnection
    {
        private FromTerminal? _left = last;

        public void Send(ToTerminal message) =>
            throw new IOException("The node closed the connection.");

        public FromTerminal? Receive()
        {
            var next = _left;
            _left = null;
            return next;
        }

        public void Dispose() { }
    }
}
