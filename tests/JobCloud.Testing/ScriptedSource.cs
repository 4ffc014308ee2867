using Google.Protobuf;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Testing;

/// <summary>A client in <c>/here</c> with these files.</summary>
public sealed class ScriptedSource(params (string Path, string Content)[] files) : ISubmissionSource
{
    public ByteString? TryRead(string path, string? beside = null) =>
        files.FirstOrDefault(file => file.Path == path) is (not null, var content)
            ? ByteString.CopyFromUtf8(content)
            : null;

    public string Directory { get; init; } = "/here";

    public string Absolute(string path) => path.StartsWith('/') ? path : $"/here/{path}";

    public Dictionary<string, string> Variables { get; init; } = [];

    public string? Variable(string name) => Variables.GetValueOrDefault(name);

    public IEnumerable<string> VariableNames => Variables.Keys;

    public SentContent? SendInput() => null;
}
