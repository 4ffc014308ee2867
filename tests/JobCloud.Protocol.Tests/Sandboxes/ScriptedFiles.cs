using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Tests.Sandboxes;

/// <summary>A file tree defined by a test.</summary>
internal sealed class ScriptedFiles : IFileTree
{
    private readonly SortedDictionary<string, PathEntry> _places = new(StringComparer.Ordinal);

    public ScriptedFiles Directory(string path, bool mayWrite = false)
    {
        _places[path] = new PathEntry(PathEntryKind.Directory, mayWrite);
        return this;
    }

    public ScriptedFiles Link(string path, string target)
    {
        _places[path] = new PathEntry(PathEntryKind.Link, Target: target);
        return this;
    }

    public ScriptedFiles File(string path)
    {
        _places[path] = new PathEntry(PathEntryKind.Other);
        return this;
    }

    public PathEntry At(string path) => _places.GetValueOrDefault(path);

    public bool IsDirectory(string path) => At(path).Kind == PathEntryKind.Directory;

    public IReadOnlyList<string> Names(string directory)
    {
        var start = directory == "/" ? "/" : $"{directory}/";
        return
        [
            .. _places
                .Keys.Where(path => path.Length > start.Length && path.StartsWith(start))
                .Select(path => path[start.Length..])
                .Where(name => !name.Contains('/')),
        ];
    }
}
