using JobCloud.Protocol.Api;
using JobCloud.Protocol.Info;

namespace JobCloud.Protocol.Tests.Info;

public sealed class ExceptionAbsenceTests
{
    public static TheoryData<Exit?, Status, string, string?> Cases =>
        new()
        {
            { null, Status.Processing, "python3 x.py", "it has not ended" },
            { null, Status.Error, "python3 x.py", "its node was lost before reporting its end" },
            {
                new Exit { NotStarted = "no" },
                Status.Error,
                "python3 x.py",
                "it could not start"
            },
            // Workers of a pool are ended with SIGTERM and leave tracebacks.
            {
                new Exit { ExceptionBytes = 9 },
                Status.Done,
                "python3 x.py",
                "no exception ended it"
            },
            {
                new Exit { Code = 1, ExceptionBytes = 9 },
                Status.Error,
                "python3 x.py",
                null
            },
            {
                new Exit { Code = 1, ExceptionBytes = 9 },
                Status.Done,
                "python3 x.py",
                null
            },
            {
                new Exit { Signal = 15, ExceptionBytes = 9 },
                Status.Killed,
                "./x",
                null
            },
            {
                new Exit { Signal = 15 },
                Status.Killed,
                "python3 -I x.py",
                "Python was started with -I or -E, so it wrote no traceback for JobCloud"
            },
            {
                new Exit { Code = 1 },
                Status.Error,
                "false",
                "its command is not Python, or Python wrote no traceback"
            },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_absent_exception_has_a_reason(
        Exit? exit,
        Status status,
        string command,
        string? why
    )
    {
        var job = new JobDetail
        {
            Status = status,
            Started = 1,
            Exit = exit,
            Spec = new JobSpec { Command = command },
        };

        Assert.Equal(why, ExceptionAbsence.Of(job));
    }
}
