using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;
using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Submissions;

[Properties(Arbitrary = [typeof(Generators), typeof(AttributeGenerators)])]
public sealed class JobAttributeLaws
{
    /// <summary>Fields of a job that are not attributes.</summary>
    private static readonly Dictionary<string, string> NoAttributes = new()
    {
        ["account"] = "the gateway sets it to the submitter's account",
        ["argv"] = "depends on the number of words of the command",
        ["command"] = "an argument, not an option",
        ["depends_on"] = "the gateway resolves the request's dependencies into it",
        ["stdin_blob"] = "instead of stdin, if it is large",
        ["environment_definition"] = "the gateway copies the definition of the environment",
        ["exported"] = "the values of the variables that --export names",
        ["memory_by_type"] = "the gateway sets it with the memory of the core type",
        ["volume_definitions"] = "the gateway copies the definitions of the volumes",
    };

    [Property]
    public Property A_value_round_trips() =>
        Prop.ForAll(
            (
                from attribute in Gen.Elements(AttributeGenerators.Kept.ToArray())
                from texts in AttributeGenerators.Values(attribute)
                select (attribute, texts)
            ).ToArbitrary(),
            given =>
            {
                var request = With(given.attribute, given.texts);
                var again = With(given.attribute, given.attribute.Value.Print(request));
                Assert.Equal(request, again);
                Assert.NotEmpty(given.attribute.Value.Print(request));
            }
        );

    [Property]
    public void A_default_round_trips(FilledRequest filled)
    {
        var kind = SubmissionDraft.KindOf(filled.Request);
        foreach (var attribute in AttributeGenerators.Kept.Where(a => a.IsFor(kind)))
        {
            var request = SubmissionDraft.New(kind);
            Put(request, attribute, attribute.Value.Print(request).ToList());
            Assert.Equal(SubmissionDraft.New(kind), request);
        }
    }

    [Property]
    public void The_given_attributes_rebuild_the_request(FilledRequest filled)
    {
        var request = SubmissionDraft.New(SubmissionDraft.KindOf(filled.Request));
        foreach (var (attribute, texts) in JobAttributes.Given(filled.Request))
            Put(request, attribute, texts);
        request.Spec.Command = filled.Request.Spec.Command;
        Assert.Equal(filled.Request, request);
        var limits = SubmissionLimits.OfAnyNode(request.Spec);
        Assert.Empty(SubmissionCheck.Check(request, limits));
    }

    [Property]
    public void An_error_has_a_position_and_names_the_attribute(Scrap scrap)
    {
        foreach (var attribute in JobAttributes.All)
        {
            var request = SubmissionDraft.New(AttributeGenerators.KindFor(attribute));
            var error = attribute.Read(request, scrap.Text, new ScriptedSource(), a => a.Option);
            if (error is null)
                continue;
            Spans.AreWithin(scrap.Text, error);
            Assert.StartsWith($"{attribute.Option}: ", error.Message);
        }
    }

    [Property]
    public void Any_number_is_formatted_and_validated(long number)
    {
        var small = (int)number;
        var request = new SubmitRequest
        {
            Spec = new JobSpec
            {
                Cores = small,
                MemoryBytes = number,
                Priority = small,
                MaxRuntimeMs = number,
                Retries = small,
                RetryBackoffMs = number,
                MaxParallel = small,
                MaxFails = small,
            },
        };
        Assert.All(JobAttributes.All, attribute => attribute.Value.Print(request).ToList());
        Assert.NotNull(Item(request.Spec));
        if (number < 0)
            Assert.NotEmpty(SubmissionCheck.Check(request, new(CoreTypes.Presets)));
    }

    [Fact]
    public void Names_are_unique_per_kind_of_submission()
    {
        foreach (var kind in Enum.GetValues<SubmissionKind>())
        {
            var taken = JobAttributes.All.Where(a => a.IsFor(kind)).ToList();
            Assert.Distinct(taken.Select(a => a.Name));
            Assert.Distinct(taken.Select(a => a.Label));
            Assert.Distinct(taken.Select(a => a.Alias).Where(alias => alias.Length > 0));
        }
    }

    [Fact]
    public void The_usage_contains_names_and_placeholder() =>
        Assert.All(
            JobAttributes.All,
            attribute =>
                Assert.Equal(
                    attribute.Usage,
                    (attribute.Alias.Length > 0 ? $"{attribute.Alias}, " : "")
                        + $"{attribute.Option} {attribute.Placeholder}".TrimEnd()
                )
        );

    [Fact]
    public void Labels_are_short_and_help_is_a_line_without_a_full_stop() =>
        Assert.All(
            JobAttributes.All,
            attribute =>
            {
                Assert.InRange(attribute.Label.Length, 1, 16);
                Assert.Matches(@"^[^\n]*[^\n.]$", attribute.Help);
            }
        );

    [Fact]
    public void Every_field_of_a_job_is_an_attribute_or_has_a_reason()
    {
        var set = new HashSet<string>(NoAttributes.Keys);
        foreach (var attribute in JobAttributes.All)
        {
            var request = SubmissionDraft.New(AttributeGenerators.KindFor(attribute));
            var plain = request.Spec.Clone();
            Put(request, attribute, [Sample(attribute)]);
            foreach (var field in JobSpec.Descriptor.Fields.InFieldNumberOrder())
            {
                if (!Equals(field.Accessor.GetValue(plain), field.Accessor.GetValue(request.Spec)))
                    Assert.True(set.Add(field.Name), $"{field.Name} is there twice");
            }
        }
        Assert.Equal(
            JobSpec.Descriptor.Fields.InFieldNumberOrder().Select(f => f.Name).Order(),
            set.Order()
        );
    }

    [Fact]
    public void Info_contains_every_attribute_of_a_job()
    {
        foreach (var attribute in AttributeGenerators.Kept)
        {
            if (attribute.Scope == AttributeScope.Submission)
                continue;
            var name = attribute.Opposite.Length > 0 ? attribute.Opposite : attribute.Member;
            var request = With(attribute, [Sample(attribute)]);
            request.Spec.DependsOn.Add(request.Dependencies?.Items.Select(i => i.Range) ?? []);
            Assert.Single(Item(request.Spec).Members, member => member.Key == name);
        }
    }

    [Fact]
    public void A_shell_job_has_its_own_defaults()
    {
        var priority = JobAttributes.Find("priority", SubmissionKind.Shell)!;
        Assert.Equal("lower first (default 1)", priority.HelpFor(SubmissionKind.Shell));
        Assert.Equal("lower first (default 5)", priority.HelpFor(SubmissionKind.Job));
    }

    private static string Sample(JobAttribute attribute) =>
        attribute.Name switch
        {
            "depends-on" => "7",
            "depends-on-errors" => "ignore",
            "map-data" => "p=1,2",
            "range" => "1-2",
            "arg-file" => "p=rows",
            _ when attribute.Value.Choices.Count > 0 => attribute.Value.Choices[^1],
            _ => attribute.Kind switch
            {
                AttributeKind.File => "rows",
                AttributeKind.Flag => Opposite(attribute),
                AttributeKind.Pairs => "p=1",
                AttributeKind.Size => "7M",
                _ => "7",
            },
        };

    // The opposite of the default.
    private static string Opposite(JobAttribute attribute)
    {
        var request = SubmissionDraft.New(AttributeGenerators.KindFor(attribute));
        return attribute.Value.Print(request).Single() == JobAttribute.On
            ? JobAttribute.Off
            : JobAttribute.On;
    }

    private static SubmitRequest With(JobAttribute attribute, IEnumerable<string> texts)
    {
        var request = SubmissionDraft.New(AttributeGenerators.KindFor(attribute));
        Put(request, attribute, texts);
        return request;
    }

    private static void Put(
        SubmitRequest request,
        JobAttribute attribute,
        IEnumerable<string> texts
    )
    {
        var from = new ScriptedSource(("rows", """{"x": 1}"""));
        foreach (var text in texts)
            Assert.Null(attribute.Read(request, text, from, a => a.Name));
    }

    private static InfoValue.Object Item(JobSpec spec)
    {
        var item = InfoCatalog.All.Single(i => i.Name == "attributes");
        return Assert.IsType<InfoValue.Object>(item.Read(new JobDetail { Spec = spec }, 0));
    }
}
