using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Submissions;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Submissions;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class SubmissionCheckTests
{
    private static readonly SubmissionLimits Limits = new(CoreTypes.Presets);

    private static BlobRef Blob(byte number, long size) =>
        new() { Sha256 = ByteString.CopyFrom([.. Enumerable.Repeat(number, 32)]), Size = size };

    [Fact]
    public void A_file_that_many_jobs_get_counts_once() =>
        Assert.Empty(
            Problems(r =>
            {
                r.Spec.Command = "cat {a} {b}";
                r.Spec.StdinBlob = Blob(1, 4L << 30);
                foreach (var name in (string[])["a", "b"])
                    r.Spec.Data.Add(
                        new Parameter
                        {
                            Name = name,
                            Value = name,
                            Blob = Blob(1, 4L << 30),
                        }
                    );
            })
        );

    [Fact]
    public void A_plain_job_is_accepted() => Assert.Empty(Problems(_ => { }));

    [Property]
    public void Any_text_gives_problems_and_no_exception(Scrap a, Scrap b, int n)
    {
        var problems = Problems(r =>
        {
            r.Spec.Command = a.Text;
            r.Spec.Label = b.Text;
            r.Spec.WorkingDirectory = b.Text;
            r.Spec.Data.Add(new Parameter { Name = b.Text, Value = a.Text });
            r.Spec.Variables.Add(new Variable { Name = b.Text, Value = a.Text });
            r.Count = n;
        });
        Assert.All(problems, p => Assert.EndsWith(".", p.Message));
    }

    [Property]
    public void A_map_of_complete_columns_is_accepted(MapColumn column, byte copies)
    {
        column.List?.Files.Clear();
        var count = MapColumns.Length(column) * (copies + 1);
        Assert.Empty(Problems(r => Map(r, column, count)));
        if (MapColumns.Length(column) > 1)
            Assert.NotEmpty(Problems(r => Map(r, column, count + 1)));
    }

    public static TheoryData<string, Action<SubmitRequest>> Invalid() =>
        new()
        {
            { "command is empty", r => r.Spec.Command = " " },
            {
                "no value; give one with --data x=VALUE",
                r =>
                {
                    r.Spec.Command = "echo {x} {y}";
                    r.Spec.Data.Add(Value("y", "1"));
                }
            },
            { "no parameter '{y}'", r => r.Spec.Data.Add(Value("y", "1")) },
            {
                "'x' is given twice",
                r =>
                {
                    r.Spec.Command = "echo {x}";
                    r.Spec.Data.Add([Value("x", "1"), Value("x", "2")]);
                }
            },
            { "'' is not a valid parameter name", r => r.Spec.Data.Add(Value("", "1")) },
            {
                "'x' is empty",
                r =>
                {
                    r.Spec.Command = "echo {x}";
                    r.Spec.Data.Add(Value("x", ""));
                }
            },
            { "--data script=@FILE", r => r.Spec.Command = new string('x', 131_072) },
            { "cores cannot be negative", r => r.Spec.Cores = -1 },
            { "memory is 500 bytes; a job needs at least 4 MiB", r => r.Spec.MemoryBytes = 500 },
            { "memory is -1 bytes", r => r.Spec.MemoryBytes = -1 },
            { "Unknown core type 'z9'; use one of c1, c2", r => r.Spec.CoreType = "z9" },
            { "Retries must be between 0 and 1000 (got -1).", r => r.Spec.Retries = -1 },
            { "backoff cannot be negative", r => r.Spec.RetryBackoffMs = -1 },
            { "max runtime cannot be negative", r => r.Spec.MaxRuntimeMs = -1 },
            { "Only a map can have several jobs", r => r.Count = 2 },
            { "Only maps support max parallel", r => r.Spec.MaxParallel = 2 },
            { "too large", r => Map(r, null, 10_000_001) },
            { "label has 256 characters", r => r.Spec.Label = new string('x', 256) },
            { "label contains a control character", r => r.Spec.Label = "a\nb" },
            { "'A=' is not a valid variable name", r => r.Spec.Variables.Add(Variable("A=")) },
            { "'A' is set twice", r => r.Spec.Variables.Add([Variable("A"), Variable("A")]) },
            { "command contains a NUL", r => r.Spec.Command = "a\0b" },
            { "path contains a NUL", r => r.Spec.ReturnFile = "a\0b" },
            { "'d' is not absolute", r => r.Spec.WorkingDirectory = "d" },
            { "belong in the request", r => r.Spec.DependsOn.Add(JidRanges.Range(1, 1)) },
            {
                "9-3 is not a valid jid range",
                r =>
                    r.Dependencies = new Selection
                    {
                        Items = { new SelectionItem { Range = JidRanges.Range(9, 3) } },
                    }
            },
            { "have 16 MiB; send at most", r => r.Spec.Stdin = Bytes((16 << 20) + 1) },
            {
                "has 4 GiB, more than 4 GiB (jobcloud.limits.max-file-size)",
                r => r.Spec.StdinBlob = Blob(1, (4L << 30) + 1)
            },
            {
                "have 20 GiB together, more than 16 GiB (jobcloud.limits.max-files-size)",
                r =>
                {
                    r.Spec.Command = "cat {p0} {p1} {p2} {p3} {p4}";
                    r.Spec.Data.Add(
                        Enumerable
                            .Range(0, 5)
                            .Select(i => new Parameter
                            {
                                Name = $"p{i}",
                                Value = $"f{i}",
                                Blob = Blob((byte)i, 4L << 30),
                            })
                    );
                }
            },
            {
                "The SHA-256 of a file must have 32 bytes",
                r => r.Spec.StdinBlob = new() { Sha256 = Bytes(31), Size = 5 }
            },
            {
                "'../x' of the parameter 'x' is not a valid file name",
                r => File(r, "x", "../x", 1)
            },
            {
                "Two different files are named 'f'",
                r =>
                {
                    File(r, "x", "f", 1);
                    File(r, "y", "f", 2);
                }
            },
        };

    [Theory]
    [MemberData(nameof(Invalid), DisableDiscoveryEnumeration = true)]
    public void Each_problem_is_reported_alone(string message, Action<SubmitRequest> change)
    {
        var problem = Assert.Single(Problems(change));
        Assert.Contains(message, problem.Message);
    }

    [Fact]
    public void All_problems_are_reported_at_once() =>
        Assert.Equal(
            3,
            Problems(r =>
            {
                r.Spec.Command = "";
                r.Spec.Cores = -1;
                r.Spec.Label = "\a";
            }).Count
        );

    [Fact]
    public void A_command_is_accepted_up_to_the_limit()
    {
        var limit = Limits.CommandBytes;
        Assert.Empty(Problems(r => r.Spec.Command = new string('x', limit)));
        var column = new MapColumn
        {
            Name = "x",
            List = new ValueList { Values = { "a", "é" } },
        };
        Assert.Empty(Problems(r => Map(r, column, 2, new string('y', limit - 40) + "{x}")));
        var tooLong = Problems(r => Map(r, column, 2, new string('y', limit - 1) + "{x}"));
        Assert.Equal(RefusalCode.TooLarge, Assert.Single(tooLong).Code);
    }

    [Fact]
    public void The_length_limit_counts_the_columns_of_one_element()
    {
        var half = new string('x', 70_000);
        var spread = Problems(r =>
        {
            Map(r, List("x", half, "a"), 2, "{x}{y}");
            r.Columns.Add(List("y", "a", half));
        });
        Assert.Empty(spread);
    }

    [Theory]
    [InlineData("", 0, 0, 0, 0, false)]
    [InlineData("", 2, 0, 2, 0, false)]
    [InlineData("", 0, 1L << 30, 0, 1L << 30, false)]
    [InlineData("c1", 0, 0, 1, 300L << 20, true)]
    [InlineData("c2", 2, 0, 2, 1600L << 20, true)]
    [InlineData("m1", 4, 1L << 30, 4, 1L << 30, false)]
    public void Only_requested_limits_apply_to_a_job(
        string type,
        int cores,
        long memory,
        int expectedCores,
        long expectedMemory,
        bool byType
    )
    {
        var spec = new JobSpec
        {
            CoreType = type,
            Cores = cores,
            MemoryBytes = memory,
        };
        CoreTypes.Presets.Resolve(spec);
        Assert.Equal(
            (expectedCores, expectedMemory, byType),
            (spec.Cores, spec.MemoryBytes, spec.MemoryByType)
        );
    }

    [Fact]
    public void A_default_core_type_limits_jobs_that_name_none()
    {
        var spec = new JobSpec();
        (CoreTypes.Presets with { Default = "c2" }).Resolve(spec);
        Assert.Equal(("c2", 1, 800L << 20), (spec.CoreType, spec.Cores, spec.MemoryBytes));
    }

    [Theory]
    [InlineData("500", "500 is 500 bytes; a job needs at least 4 MiB; did you mean 500M?")]
    [InlineData("10K", "10K is 10 KiB; a job needs at least 4 MiB.")]
    [InlineData("0", "0 is 0 bytes; a job needs at least 4 MiB.")]
    [InlineData("3.5M", "3.5M is 3.5 MiB; a job needs at least 4 MiB.")]
    public void Memory_that_no_process_can_start_in_is_refused(string text, string message) =>
        Assert.Equal(message, MemoryText.Parse(text).Error!.Message);

    [Theory]
    [InlineData("4M", 4L << 20)]
    [InlineData("4194304", 4L << 20)]
    public void Memory_in_which_a_process_can_start_is_accepted(string text, long bytes) =>
        Assert.Equal(bytes, MemoryText.Parse(text).Value);

    private static IReadOnlyList<Refusal> Problems(Action<SubmitRequest> change)
    {
        var request = new SubmitRequest
        {
            Spec = new JobSpec { Command = "true", Cores = 1 },
        };
        change(request);
        return SubmissionCheck.Check(request, Limits);
    }

    private static void Map(SubmitRequest r, MapColumn? column, long count, string? command = null)
    {
        r.IsMap = true;
        r.Count = count;
        if (column is null)
            return;
        r.Columns.Add(column);
        r.Spec.Command = command ?? "echo {x}";
    }

    private static void File(SubmitRequest r, string parameter, string name, int size)
    {
        r.Spec.Command += $" {{{parameter}}}";
        var value = Value(parameter, name);
        value.File = Bytes(size);
        r.Spec.Data.Add(value);
    }

    private static MapColumn List(string name, params string[] values) =>
        new()
        {
            Name = name,
            List = new ValueList { Values = { values } },
        };

    private static Parameter Value(string name, string value) =>
        new() { Name = name, Value = value };

    private static Variable Variable(string name) => new() { Name = name, Value = "v" };

    private static ByteString Bytes(int size) => UnsafeByteOperations.UnsafeWrap(new byte[size]);
}
