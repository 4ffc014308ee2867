using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Tests;

/// <summary>Checks that hold for every error of every language.</summary>
internal static class Spans
{
    public static void AreWithin(string text, TextError error)
    {
        Assert.InRange(error.At, 0, text.Length);
        Assert.InRange(error.Length, 0, text.Length - error.At);
        Assert.Matches(@"[.?]\z", error.Message);
    }
}
