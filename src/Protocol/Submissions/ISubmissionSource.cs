using Google.Protobuf;

namespace JobCloud.Protocol.Submissions;

/// <summary>The origin of a submission: its files, working directory, environment
/// and standard input.</summary>
public interface ISubmissionSource
{
    /// <summary>Reads a whole file; null: it cannot be read.</summary>
    /// <param name="beside">The file that names it: a relative path starts in its directory; null:
    /// in the working directory.</param>
    ByteString? TryRead(string path, string? beside = null);

    /// <summary>The working directory; empty: it was removed.</summary>
    string Directory { get; }

    /// <summary>Makes a path absolute, relative to the working directory.</summary>
    string Absolute(string path);

    /// <summary>A variable of the client's environment; null: it is not set.</summary>
    string? Variable(string name);

    /// <summary>The names of all variables of the client's environment.</summary>
    IEnumerable<string> VariableNames { get; }

    /// <summary>The content of a file to send along; null: it cannot be read.</summary>
    /// <param name="beside">As in <see cref="TryRead"/>.</param>
    SentContent? Send(string path, string? beside = null) =>
        TryRead(path, beside) is { } bytes ? SentContent.Of(bytes) : null;

    /// <summary>All standard input of the client, to send along; null: it has none.</summary>
    SentContent? SendInput();
}
