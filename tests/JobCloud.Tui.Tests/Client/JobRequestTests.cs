using JobCloud.Client;
using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Client;

public sealed class JobRequestTests
{
    private static IEnumerable<JobAttribute> Attributes =>
        JobAttributes.All.Where(attribute =>
            attribute.IsFor(SubmissionKind.Job) || attribute.IsFor(SubmissionKind.Map)
        );

    [Fact]
    public void A_request_has_every_job_attribute() =>
        Assert.Equal(
            Attributes.Select(attribute => attribute.Member).Order(),
            RequestFields.All.Order()
        );

    [Fact]
    public void Its_properties_have_the_names_of_the_attributes() =>
        Assert.Equal(
            Attributes.Select(RequestReader.NameOf).Concat(["Command", "Argv"]).Order(),
            typeof(MapRequest)
                .GetProperties()
                .Select(property => property.Name)
                .Where(name => name != "EqualityContract")
                .Order()
        );

    [Fact]
    public void Statuses_have_the_numbers_of_the_protocol() =>
        Assert.All(
            Enum.GetValues<JobStatusKind>().Skip(1),
            status => Assert.Equal($"{status}", $"{(Protocol.Status)status}")
        );

    [Fact]
    public void Streams_have_the_numbers_of_the_protocol() =>
        Assert.All(
            Enum.GetValues<JobStream>(),
            stream => Assert.Equal($"{stream}", $"{(Protocol.OutputStream)stream}")
        );

    [Fact]
    public void Users_see_no_type_of_another_assembly() =>
        Assert.DoesNotContain(
            typeof(JobCloudClient)
                .Assembly.GetExportedTypes()
                .SelectMany(type => type.GetMembers())
                .OfType<System.Reflection.MethodBase>()
                .SelectMany(method => method.GetParameters().Select(p => p.ParameterType)),
            type => type.Assembly == typeof(Protocol.JobSpec).Assembly
        );

    [Fact]
    public void Every_example_of_the_guide_is_in_the_sample()
    {
        var sample = File.ReadAllText(SourceTree.PathOf("docs/dotnet/Program.cs"));
        var blocks = File.ReadAllText(SourceTree.PathOf("docs/dotnet.md"))
            .Split("```csharp\n")
            .Skip(1)
            .Select(text => text[..text.IndexOf("```", StringComparison.Ordinal)])
            .ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(block, sample));
    }
}
