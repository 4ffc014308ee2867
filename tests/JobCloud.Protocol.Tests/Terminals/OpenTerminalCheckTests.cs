using Google.Protobuf;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Protocol.Tests.Terminals;

public sealed class OpenTerminalCheckTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@here";

    public static TheoryData<string, OpenTerminal> Good =>
        new()
        {
            { "a shell", Open(TerminalKind.Shell) },
            { "a shell with a pty", Open(TerminalKind.Shell, pty: new() { Term = "xterm" }) },
            { "a command", Open(TerminalKind.Command, "ls") },
            { "an SSH server", Open(TerminalKind.SshServer, key: Key) },
        };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_valid_request_is_accepted(string what, OpenTerminal open)
    {
        Assert.NotEmpty(what);
        Assert.Null(OpenTerminalCheck.Validate(open));
    }

    public static TheoryData<string, OpenTerminal> Bad =>
        new()
        {
            { "jid", Open(TerminalKind.Shell, jid: 0) },
            { "takes no command", Open(TerminalKind.Shell, "ls") },
            { "command is empty", Open(TerminalKind.Command, " ") },
            { "NUL character", Open(TerminalKind.Command, "a\0b") },
            { "kind", Open((TerminalKind)9) },
            { "columns", Open(TerminalKind.Shell, pty: new() { Size = new() { Columns = -1 } }) },
            { "rows", Open(TerminalKind.Shell, pty: new() { Size = new() { Rows = 65_536 } }) },
            { "TERM", Open(TerminalKind.Shell, pty: new() { Term = "x\0" }) },
            { "pseudo-terminals", Open(TerminalKind.SshServer, key: Key, pty: new()) },
            { "public key", Open(TerminalKind.SshServer) },
            { "public key", Open(TerminalKind.SshServer, key: $"{Key}\n{Key}") },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void An_invalid_request_is_refused_with_a_sentence(string word, OpenTerminal open)
    {
        var refusal = OpenTerminalCheck.Validate(open);

        Assert.Equal(RefusalCode.Usage, refusal?.Code);
        Assert.Contains(word, refusal?.Message);
        Assert.EndsWith(".", refusal?.Message);
    }

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(1, 1)]
    [InlineData(1_001, 1_000)]
    public void The_window_is_that_of_the_client_up_to_the_limit(long requested, long window) =>
        Assert.Equal(
            window,
            OpenTerminalCheck.Window(new() { WindowBytes = requested }, most: 1_000)
        );

    private static OpenTerminal Open(
        TerminalKind kind,
        string command = "",
        long jid = 7,
        Pty? pty = null,
        string key = ""
    ) =>
        new()
        {
            Jid = jid,
            Kind = kind,
            Command = command,
            Pty = pty,
            PublicKey = ByteString.CopyFromUtf8(key),
        };
}
