using System.Runtime.CompilerServices;

namespace JobCloud.FullScreen.Tests.Screens;

/// <summary>Pictures beside the tests. <c>JOBCLOUD_GOLDEN=renew</c> writes them anew: look at the
/// difference before it is committed.</summary>
internal static class Golden
{
    public static void Holds(string name, string text, [CallerFilePath] string source = "")
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
