using System.Xml.Linq;

namespace JobCloud.Testing;

/// <summary>The version that Directory.Build.props gives to every program.</summary>
public static class ProductVersion
{
    public static string Current { get; } =
        XDocument
            .Load(SourceTree.PathOf("Directory.Build.props"))
            .Descendants("Version")
            .Single()
            .Value;
}
