namespace JobCloud.Testing;

/// <summary>The pages for users: README.md and the directory docs/.</summary>
public static class DocumentationPages
{
    /// <summary>Their paths in the repository, in order.</summary>
    public static IReadOnlyList<string> All { get; } = ["README.md", .. InDocs()];

    private static IEnumerable<string> InDocs() =>
        Directory
            .EnumerateFiles(SourceTree.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(SourceTree.Root, file))
            .Order(StringComparer.Ordinal);
}
