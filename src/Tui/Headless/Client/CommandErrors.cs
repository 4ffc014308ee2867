using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Client;

/// <summary>Errors of the command itself.</summary>
internal static class CommandErrors
{
    /// <summary>The output of the command cannot be written.</summary>
    /// <param name="done">What the command did in spite of that, after a space; empty:
    /// nothing.</param>
    public static CommandError Unwritable(OutputException failure, string done) =>
        new(
            ErrorKinds.Unexpected,
            $"The output cannot be written to stdout: {failure.Message}.{done}"
        );

    /// <summary>An error of the command itself: it could not use a file, or it has a bug.</summary>
    public static CommandError Unexpected(Exception failure)
    {
        var cause = failure.Message.TrimEnd('.');
        return new CommandError(
            ErrorKinds.Unexpected,
            failure is IOException or UnauthorizedAccessException
                ? $"The command could not read or write a file: {cause}; check its path, its permissions and the free disk space."
                : $"The command failed because of a bug: {cause}; report this message and the command line."
        );
    }
}
