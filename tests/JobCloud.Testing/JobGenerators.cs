using FsCheck;
using FsCheck.Fluent;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;

namespace JobCloud.Testing;

/// <summary>Generators of job details, rows and events, for the same attribute.</summary>
public static class JobGenerators
{
    private static readonly Gen<string> Word = Gen.Elements("", "a", "gcc -c x", "n1", "été", "me");

    private static readonly Gen<long> Measure = Gen.Choose(-1, 5_000_000).Select(n => (long)n);

    public static Arbitrary<Reason> Reasons() =>
        (
            from code in Gen.Choose(0, 15)
            from number in Gen.OneOf(Generators.Jid, Gen.Constant(long.MaxValue))
            from text in Word
            select new Reason
            {
                Code = (ReasonCode)code,
                Number = number,
                Text = text,
            }
        ).ToArbitrary();

    public static Arbitrary<Exit> Exits() =>
        (
            from code in Gen.Choose(0, 255)
            from signal in Gen.Elements(0, 0, 9, 11, 64)
            from trouble in Gen.Elements("", "", "no such file")
            from flags in Gen.Choose(0, 7)
            select new Exit
            {
                Code = code,
                Signal = signal,
                NotStarted = trouble,
                OutOfMemory = (flags & 1) > 0,
                OverMaxRuntime = (flags & 2) > 0,
                CoreDumped = (flags & 4) > 0,
            }
        ).ToArbitrary();

    public static Arbitrary<Usage> Usages() =>
        (
            from n in Measure.ListOf(8)
            select new Usage
            {
                CpuUserUs = n[0],
                CpuSystemUs = n[1],
                MemoryBytes = n[2],
                MemoryMaxBytes = n[3],
                MemoryFailures = n[4],
                SwapBytes = n[5],
                SwapMaxBytes = n[6],
                DiskBytes = n[7],
            }
        ).ToArbitrary();

    public static Arbitrary<JobSpec> Specs() =>
        (
            from command in Gen.Elements("true", "echo {x}", "sleep 1 | cat")
            from words in Word.ListOf(6)
            from cores in Gen.Choose(1, 8)
            from priority in Gen.Choose(-3, 9)
            from flags in Gen.Choose(0, 7)
            select new JobSpec
            {
                Command = command,
                Label = words[0],
                Environment = words[1],
                Volumes = { words[2] },
                CoreType = "c1",
                Cores = cores,
                Priority = priority,
                NotRestartable = (flags & 1) > 0,
                IgnoreExitStatus = (flags & 2) > 0,
                MaxRuntimeMs = (flags & 4) * 15_000,
                Variables =
                {
                    new Variable { Name = "V", Value = words[3] },
                },
            }
        ).ToArbitrary();

    public static Arbitrary<JobDetail> Details() =>
        (
            from jid in Generators.Jid
            from status in Generators.AnyStatus
            from reason in Reasons().Generator
            from spec in Specs().Generator
            from times in Gen.OneOf(Gen.Constant(0L), Generators.Instant).ListOf(4)
            from exit in Gen.OneOf(Gen.Constant<Exit?>(null), Exits().Generator.Select(Maybe))
            from usage in Gen.OneOf(Gen.Constant<Usage?>(null), Usages().Generator.Select(Maybe))
            from ports in Gen.OneOf(Gen.Constant<JobPorts?>(null), Ports().Select(Maybe))
            from absent in Gen.SubListOf("swap", "memory.usage", "node", "stdout")
            from deleted in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new JobDetail
            {
                Jid = jid,
                Status = status,
                Reason = reason,
                Spec = spec,
                Command = spec.Command,
                Created = times[0],
                Queued = times[1],
                Started = times[2],
                Finished = times[3],
                Exit = exit,
                Usage = usage,
                Ports = ports,
                Absent = { absent.Select(a => new Absence { Item = a, Why = "some reason" }) },
                Deleted = deleted,
            }
        ).ToArbitrary();

    private static Gen<JobPorts> Ports() =>
        from ports in Gen.SubListOf(1, 22, 8000, 65_535)
        from transport in Gen.Elements(Transport.Tcp, Transport.Udp)
        from trouble in Gen.Elements("", "some reason")
        select new JobPorts
        {
            Ports =
            {
                ports.Select(port => new JobPort
                {
                    Transport = transport,
                    Port = port,
                    Address = trouble == "" ? "127.0.0.1" : "",
                    ReachedPort = trouble == "" ? port : 0,
                    Trouble = trouble,
                }),
            },
        };

    /// <summary>Rows of single jobs and of maps, with a random value in every column.</summary>
    public static Arbitrary<JobRow> Rows() =>
        (
            from first in Generators.Jid
            from counts in Gen.Elements(0, 0, 1, 3).ListOf(8)
            from seed in Gen.Choose(0, int.MaxValue)
            select RowValues.Filled(
                new JobRow
                {
                    First = first,
                    Last = first + Math.Max(1, counts.Skip(1).Sum()) - 1,
                    Counts = { 0, counts.Skip(1).Select(n => (long)n) },
                },
                new Random(seed)
            )
        ).ToArbitrary();

    public static Arbitrary<AttemptEnd> Ends() =>
        (
            from attempt in Gen.Choose(1, 3)
            from status in Generators.AnyStatus
            from reason in Reasons().Generator
            from exit in Exits().Generator
            from usage in Usages().Generator
            select new AttemptEnd
            {
                Attempt = attempt,
                Status = status,
                Reason = reason,
                Exit = exit,
                Usage = usage,
            }
        ).ToArbitrary();

    public static Arbitrary<JobEvent> Facts() =>
        (
            from kind in Gen.Choose(0, 18)
            from jid in Generators.Jid
            from at in Generators.Instant
            from user in Word
            from end in Ends().Generator
            select Fact(
                new JobEvent
                {
                    Jid = jid,
                    At = at,
                    By = user,
                },
                kind,
                end
            )
        ).ToArbitrary();

    private static JobEvent Fact(JobEvent fact, int kind, AttemptEnd end)
    {
        var (attempt, jid) = (end.Attempt, fact.Jid);
        switch (kind)
        {
            case 0:
                fact.Submitted = new Submitted { SubmissionFirst = jid, SubmissionLast = jid };
                break;
            case 1:
                fact.Voided = new SubmissionVoided();
                break;
            case 2:
                fact.DependencySettled = new DependencySettled
                {
                    Worst = end.Status,
                    Dependency = jid,
                };
                break;
            case 3:
                fact.DependencyReopened = new DependencyReopened { Dependency = jid };
                break;
            case 4:
                fact.Assigned = new Assigned { Attempt = attempt, Node = "n1" };
                break;
            case 5:
                fact.Unassigned = new Unassigned { Attempt = attempt };
                break;
            case 6:
                fact.Started = new AttemptStart { Attempt = attempt, Pid = 17 };
                break;
            case 7:
                fact.Ended = end;
                break;
            case 8:
                fact.AttemptLost = new AttemptLost
                {
                    Attempt = attempt,
                    Node = "n1",
                    Status = end.Status,
                    Reason = end.Reason,
                };
                break;
            case 9:
                fact.KillRequested = new KillRequested { Reason = end.Reason };
                break;
            case 10:
                fact.KilledUnstarted = new KilledUnstarted { Reason = end.Reason };
                break;
            case 11:
                fact.Retried = new Retried { Status = end.Status };
                break;
            case 12:
                fact.Deleted = new Deleted();
                break;
            case 13:
                fact.DependentsRegistered = new DependentsRegistered { SubmissionFirst = jid };
                break;
            case 14:
                fact.PriorityChanged = new PriorityChanged { Priority = attempt };
                break;
            case 15:
                fact.TerminalOpened = new TerminalOpened
                {
                    Attempt = attempt,
                    Id = "a",
                    Node = "n1",
                };
                break;
            case 16:
                fact.TerminalClosed = new TerminalClosed { Attempt = attempt, Id = "a" };
                break;
            case 17:
                fact.KillOutlived = new KillOutlived { Attempt = attempt, Why = "1 lives" };
                break;
        }
        return fact;
    }

    private static T? Maybe<T>(T value)
        where T : class => value;
}
