using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Tests.Environments;

public sealed class ShownDefinitionsTests
{
    private static Definition OfAnn =>
        new()
        {
            Owner = "ann",
            Environment = new EnvironmentDefinition
            {
                Name = "db",
                Setup = "true",
                Variables =
                {
                    new Variable { Name = "PASSWORD", Value = "s3cret" },
                },
            },
        };

    [Theory]
    [InlineData("ann", false)]
    [InlineData("bob", true)]
    public void The_creator_and_admins_see_values(string user, bool admin) =>
        Assert.Equal(OfAnn, Definitions.ShownTo(OfAnn, user, admin));

    [Fact]
    public void Other_users_see_names_only()
    {
        var original = OfAnn;
        var shown = Definitions.ShownTo(original, "bob", admin: false);
        Assert.True(shown.ValuesHidden);
        Assert.Equal("PASSWORD", shown.Environment.Variables[0].Name);
        Assert.DoesNotContain("s3cret", shown.ToString());
        Assert.Equal(OfAnn, original);
    }

    [Fact]
    public void Only_admins_see_values_from_the_settings()
    {
        var definition = OfAnn;
        (definition.Owner, definition.Fixed) = ("", true);
        Assert.True(Definitions.ShownTo(definition, "", admin: false).ValuesHidden);
        Assert.False(Definitions.ShownTo(definition, "", admin: true).ValuesHidden);
    }

    [Fact]
    public void Jobs_and_events_have_no_values_of_environments_but_those_of_the_submitter()
    {
        var spec = new JobSpec
        {
            EnvironmentDefinition = OfAnn.Environment,
            Variables =
            {
                new Variable { Name = "OWN", Value = "mine" },
            },
        };
        var e = new JobEvent { Submitted = new Submitted { Spec = spec } };
        Assert.DoesNotContain("s3cret", Definitions.WithoutValues(spec)!.ToString());
        Assert.DoesNotContain("s3cret", EventsOfUsers.WithoutValues(e).ToString());
        Assert.Contains("mine", EventsOfUsers.WithoutValues(e).ToString());
        Assert.Contains("s3cret", e.ToString());
    }
}
