using JobCloud.Protocol;
using JobCloud.Protocol.Terminals;
using JobCloud.Tui.Headless.Processes;
using JobCloud.Tui.Headless.Terminals;

namespace JobCloud.Tui.Tests.Headless.Terminals;

public sealed class TerminalSessionTests
{
    [Fact]
    public void What_a_node_said_before_it_hung_up_is_heard()
    {
        var refusal = new Refusal { Message = "The node n1 is starting; try again in a moment." };
        Assert.Equal(
            new SessionEnd.Refused(refusal),
            End(new DeafWire(new FromTerminal { Refusal = refusal }))
        );
    }

    [Fact]
    public void A_node_that_hung_up_without_a_word_has_gone() =>
        Assert.Equal(new SessionEnd.NodeGone(false), End(new DeafWire(null)));

    private static SessionEnd End(ITerminalWire wire)
    {
        var terminal = new Terminal
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

    /// <summary>The other end has hung up already, after at most one word.</summary>
    private sealed class DeafWire(FromTerminal? word) : ITerminalWire
    {
        private FromTerminal? _left = word;

        public void Send(ToTerminal message) => throw new IOException("The node has gone.");

        public FromTerminal? Receive()
        {
            var next = _left;
            _left = null;
            return next;
        }

        public void Dispose() { }
    }
}
