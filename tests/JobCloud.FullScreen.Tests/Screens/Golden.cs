using System.Runtime.CompilerServices;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>Compares screens with the golden files beside the tests. <c>JOBCLOUD_GOLDEN=renew</c>
/// rewrites the files; review the difference before committing it.</summary>
internal static class Golden
{
    public static void Verify(string name, string text, [CallerFilePath] string source = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(source)!, "Pictures", name + ".txt");
        if (Environment.GetEnvironmentVariable("JOBCLOUD_GOLDEN") == "renew")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        Assert.Equal(File.ReadAllText(path), text);
    }
}
