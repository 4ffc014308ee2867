using Google.Protobuf;

namespace JobCloud.Protocol.Submissions;

/// <summary>Where a submission comes from: its files, its working directory, its input.</summary>
public interface ISubmissionSource
{
    /// <summary>The content of a file; null: it cannot be read.</summary>
    /// <param name="beside">The file that names it, where a relative path starts; null: the working
    /// directory.</param>
    ByteString? TryRead(string path, string? beside = null);

    /// <summary>A path seen from the working directory.</summary>
    string Absolute(string path);

    /// <summary>All of the client's standard input; null: it has none to give away.</summary>
    ByteString? ReadInput();
}
