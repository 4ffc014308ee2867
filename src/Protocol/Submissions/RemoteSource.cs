using Google.Protobuf;

namespace JobCloud.Protocol.Submissions;

/// <summary>The origin of a submission on another machine: the node sees none of its files, its
/// directory or its environment.</summary>
public sealed class RemoteSource : ISubmissionSource
{
    public static readonly RemoteSource Instance = new();

    private RemoteSource() { }

    public string Directory => "";

    public IEnumerable<string> VariableNames => [];

    public ByteString? TryRead(string path, string? beside = null) => null;

    public string Absolute(string path) => path;

    public string? Variable(string name) => null;

    public SentContent? SendInput() => null;
}
