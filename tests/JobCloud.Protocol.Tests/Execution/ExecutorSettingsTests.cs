using Google.Protobuf;
using Google.Protobuf.Reflection;
using JobCloud.Protocol.Execution;

namespace JobCloud.Protocol.Tests.Execution;

public sealed class ExecutorSettingsTests
{
    [Fact]
    public void Every_field_of_the_message_has_a_setting()
    {
        var before = new ExecutorLimits { Ports = new(), Terminals = new() };

        Assert.Equal(Unset(before), Unset(before).Except(Unset(ExecutorSettings.Defaults())));
    }

    [Fact]
    public void Setting_names_are_unique() =>
        Assert.Distinct(ExecutorSettings.All.Select(setting => setting.Name));

    [Theory]
    [InlineData("ports.range", "42000-42999", "42999-42000")]
    [InlineData("ports.address", "10.0.0.1", "")]
    [InlineData("ports.publish-address", "0.0.0.0", "host")]
    public void A_checked_setting_rejects_invalid_text(string name, string good, string bad)
    {
        var setting = (ExecutorSetting.Checked)ExecutorSettings.All.Single(s => s.Name == name);
        var limits = new ExecutorLimits();

        Assert.True(setting.TryPut(limits, good));
        Assert.False(setting.TryPut(limits, bad));
    }

    /// <summary>Fields with default values, including those of nested messages.</summary>
    private static List<string> Unset(IMessage message)
    {
        var unset = new List<string>();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.FieldType == FieldType.Message)
                unset.AddRange(Unset((IMessage)value));
            else if (value is 0 or 0L or "" || Equals(value, CgroupUse.Unspecified))
                unset.Add(field.FullName);
        }
        return unset;
    }
}
