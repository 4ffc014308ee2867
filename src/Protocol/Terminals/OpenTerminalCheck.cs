using System.Globalization;

namespace JobCloud.Protocol.Terminals;

/// <summary>Validates a request for a terminal.</summary>
public static class OpenTerminalCheck
{
    /// <summary>The maximum of columns and rows in the kernel (struct winsize).</summary>
    public const int LargestSize = ushort.MaxValue;

    /// <summary>The refusal of a request; null: it is valid.</summary>
    public static Refusal? Validate(OpenTerminal open) =>
        open.Jid < 1 ? Usage(open, "A terminal requires the jid of a job.")
        : open.Attempt < 0 ? Usage(open, "The attempt of a terminal must not be negative.")
        : open.WindowBytes < 0 ? Usage(open, "The window of a terminal must not be negative.")
        : open.Pty?.Size is { } size && Validate(size) is { } wrong ? Usage(open, wrong)
        : open.Pty is { } pty && pty.Term.Contains('\0')
            ? Usage(open, "TERM contains a NUL character; remove it.")
        : open.Command.Contains('\0')
            ? Usage(open, "The command contains a NUL character; remove it.")
        : open.Kind switch
        {
            TerminalKind.Shell => open.Command.Length > 0
                ? Usage(open, "A shell takes no command; open a terminal for the command instead.")
                : null,
            TerminalKind.Command => string.IsNullOrWhiteSpace(open.Command)
                ? Usage(open, "The command is empty; give a command to run.")
                : null,
            TerminalKind.SshServer => open.Pty is not null
                ? Usage(open, "An SSH server creates its own pseudo-terminals; request none.")
            : SshServer.KeyProblem(open.PublicKey.ToStringUtf8()) is { } problem
                ? Usage(open, problem)
            : null,
            _ => Usage(open, "Unknown kind of terminal."),
        };

    /// <summary>The problem of a size; null: it is valid.</summary>
    public static string? Validate(WindowSize size) =>
        size.Columns is >= 0 and <= LargestSize && size.Rows is >= 0 and <= LargestSize
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"A terminal cannot have {size.Columns} columns and {size.Rows} rows."
            );

    /// <summary>The limit of output bytes in flight.</summary>
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
