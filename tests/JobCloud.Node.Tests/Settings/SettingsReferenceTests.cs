using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Settings;

public sealed class SettingsReferenceTests
{
    private static readonly SettingsReader Declared = NodeSettings.Declared();

    [Fact, Trait("Category", "Reference")]
    public void The_reference_matches_the_declarations() =>
        GeneratedPage.Holds("hocon/reference.conf", SettingsReference.Print(Declared));

    [Fact]
    public void The_printed_reference_reads_back_as_the_defaults()
    {
        var read = SettingsLayer.Parse(SettingsReference.Print(Declared), "reference.conf");
        Assert.Empty(read.Errors);
        var declared = Declared.Declared.Where(setting => setting.Default is not null).ToList();
        Assert.Equal(declared.Select(setting => setting.Key).Order(), read.Values.Keys.Order());
        foreach (var setting in declared.Where(setting => setting.Default!.Items is null))
            Assert.Equal(setting.Default!.Text, read.Values[setting.Key].Text);
    }

    [Fact]
    public void Every_setting_is_declared_once() =>
        Assert.Equal(
            Declared.Declared.Count,
            Declared.Declared.DistinctBy(setting => setting.Key).Count()
        );

    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(Declared.Errors);
}
