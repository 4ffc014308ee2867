using System.Globalization;

namespace JobCloud.Protocol.Terminals;

/// <summary>What a request for a terminal must keep to.</summary>
public static class OpenCheck
{
    /// <summary>The most columns or rows: what the kernel keeps them in (struct winsize).</summary>
    public const int LargestSize = ushort.MaxValue;

    /// <summary>Why it cannot be opened; null: nothing speaks against it.</summary>
    public static Refusal? Trouble(OpenTerminal open) =>
        open.Jid < 1 ? Usage(open, "A terminal needs the jid of a job.")
        : open.Attempt < 0 ? Usage(open, "The attempt of a terminal must not be negative.")
        : open.WindowBytes < 0 ? Usage(open, "The window of a terminal must not be negative.")
        : open.Pty?.Size is { } size && Trouble(size) is { } wrong ? Usage(open, wrong)
        : open.Pty is { } pty && pty.Term.Contains('\0') ? Usage(open, "TERM must be a word.")
        : open.Command.Contains('\0') ? Usage(open, "A command cannot hold a zero byte.")
        : open.Kind switch
        {
            TerminalKind.Shell => open.Command.Length > 0
                ? Usage(open, "A shell takes no command: ask for the command instead.")
                : null,
            TerminalKind.Command => string.IsNullOrWhiteSpace(open.Command)
                ? Usage(open, "The command is empty.")
                : null,
            TerminalKind.SshServer => open.Pty is not null
                ? Usage(open, "An SSH server makes its own pseudo-terminals.")
            : SshServer.TroubleOfKey(open.PublicKey.ToStringUtf8()) is { } trouble
                ? Usage(open, trouble)
            : null,
            _ => Usage(open, "This kind of terminal is not known."),
        };

    /// <summary>What is wrong with a size; null: nothing.</summary>
    public static string? Trouble(WindowSize size) =>
        size.Columns is >= 0 and <= LargestSize && size.Rows is >= 0 and <= LargestSize
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"A terminal cannot have {size.Columns} columns and {size.Rows} rows."
            );

    /// <summary>How many bytes of output may be under way.</summary>
    public static long Window(OpenTerminal open, long most) =>
        open.WindowBytes == 0 ? most : Math.Min(open.WindowBytes, most);

    private static Refusal Usage(OpenTerminal open, string message) =>
        new()
        {
            Code = RefusalCode.Usage,
            Message = message,
            Jid = open.Jid,
        };
}
