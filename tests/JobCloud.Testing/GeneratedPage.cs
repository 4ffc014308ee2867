namespace JobCloud.Testing;

/// <summary>A file of the repository that is generated from the code.</summary>
public static class GeneratedPage
{
    /// <summary>The environment variable that makes the tests write the files.</summary>
    public const string WriteVariable = "JOBCLOUD_WRITE_REFERENCE";

    private static bool IsWritten => Environment.GetEnvironmentVariable(WriteVariable) == "1";

    /// <summary>Writes the file, if asked to, and checks that it holds the text.</summary>
    /// <param name="name">Its path in the repository.</param>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public static void Holds(string name, string wanted)
    {
        var path = SourceTree.PathOf(name);
        if (IsWritten)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, wanted);
        }
        var found = File.Exists(path) ? File.ReadAllText(path) : "";
        if (found != wanted)
            throw new InvalidDataException(
                $"{name} differs from the code; set {WriteVariable}=1 to write it. Wanted:\n{wanted}"
            );
    }
}
