using FsCheck;
using FsCheck.Fluent;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Model.Submit;

namespace JobCloud.FullScreen.Tests.Model.Submit;

/// <summary>A form filled in at random.</summary>
public sealed record FilledForm
{
    internal FilledForm(SubmitForm form) => Form = form;

    internal SubmitForm Form { get; }

    public override string ToString() => SubmitCommand.Line(Form);
}

/// <summary>Generators for <c>[Properties(Arbitrary = [typeof(FormGenerators)])]</c>.</summary>
public static class FormGenerators
{
    private static readonly string[] Commands =
    [
        "true",
        "make -j4",
        "echo  two   blanks",
        "for i in {1..3}; do echo $i; done",
        "echo 'it''s' \"$HOME\" > out.txt",
        "-v",
        "--help me",
        "echo \\{x\\}",
        "@file",
        "echo é 日本",
        " padded ",
    ];

    private static readonly JobAttribute[] Options =
    [
        .. AttributeGenerators.Kept.Where(a =>
            SubmitFields.All.Contains(a)
            && a.IsFor(SubmissionKind.Job)
            && a.Kind != AttributeKind.Pairs
        ),
        SubmitFields.All.Single(f => f.Name == "os-env"),
    ];

    private static readonly (string Command, string Option, string Value)[] Maps =
    [
        ("echo {f}", "--map-data", "f=a,b,c"),
        ("echo {f}", "--map-data", @"'f=a b,c\,d'"),
        ("echo {f} {g}", "--map-data", "f=a,b g=1,2"),
        ("echo {i}", "--range", "1-100"),
        ("echo {x}", "--range", "x=10-1:-3"),
        ("true", "--range", "1-10"),
        ("true", "--copies", "7"),
    ];

    /// <summary>Forms for a job or a map, with some of the options.</summary>
    public static Arbitrary<FilledForm> Forms() =>
        (
            from isMap in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
            from form in isMap ? MapForm() : JobForm()
            from chosen in Gen.SubListOf(Options)
            // Only ports of a private network are published.
            let isolates = chosen.Any(option => option.Name == "isolate")
            // A directory of the job's own is no other one.
            let isElsewhere = chosen.Any(option => option.Name == "cwd")
            let options = chosen
                .Where(option => isolates || option.Name != "publish")
                .Where(option => !isElsewhere || option.Name != "fresh")
                .ToList()
            from values in Gen.CollectToArray(options.Select(AttributeGenerators.Values))
            select new FilledForm(
                options
                    .Zip(values)
                    .Aggregate(
                        form,
                        (f, given) => f.With(given.First, Text(given.First, given.Second))
                    )
            )
        ).ToArbitrary();

    private static Gen<SubmitForm> JobForm() =>
        from command in Gen.Elements(Commands)
        from withData in Gen.Elements(false, true)
        let form = SubmitForm.Empty
        select withData
            ? Set(form.With(SubmitFields.Command, "cat {p} {q}"), "--data", "p=1 'q=a b'")
            : form.With(SubmitFields.Command, command);

    private static Gen<SubmitForm> MapForm() =>
        from map in Gen.Elements(Maps)
        from parallel in Gen.Elements("", "4")
        from fails in Gen.Elements("", "2")
        let form = SubmitForm.Empty.With(SubmitFields.Command, map.Command)
        select Set(
            Set(Set(form, map.Option, map.Value), "--max-parallel", parallel),
            "--max-fails",
            fails
        );

    private static string Text(JobAttribute field, List<string> values) =>
        field.Value.IsRepeatable ? ShellWords.Join(values) : values[0];

    private static SubmitForm Set(SubmitForm form, string option, string value) =>
        form.With(SubmitFields.All.Single(f => f.Option == option), value);
}
