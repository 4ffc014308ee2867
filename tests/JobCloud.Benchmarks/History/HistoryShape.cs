namespace JobCloud.Benchmarks.History;

/// <summary>What a made-up history holds: single jobs and maps of many sizes, with the labels,
/// commands and ends that a group of users leaves behind.</summary>
/// <param name="Finished">The number of finished jobs.</param>
/// <param name="Unfinished">The number of jobs that are queued after them; no node has the cores
/// that they want.</param>
/// <param name="From">When the first job was submitted, µs.</param>
/// <param name="To">When the last job was submitted, µs.</param>
internal sealed record HistoryShape(long Finished, long Unfinished, long From, long To)
{
    /// <summary>The label of a few old jobs.</summary>
    public const string RareLabel = "rare";

    private static readonly string[] Commands =
    [
        "python3 train.py --model resnet --rate 0.{0} --seed {1}",
        "./simulate --steps {0} --temperature {1} > result.txt",
        "bash align.sh sample_{0}.fastq reference_{1}.fa",
        "ffmpeg -i input_{0}.mp4 -vf scale={1} output.mp4",
        "make -C build/{0} test-{1}",
        "Rscript fit.R --chain {0} --draws {1}",
    ];

    private static readonly int[] MapSizes = [10, 100, 1_000, 10_000, 100_000];

    /// <summary>Each size of map has this share of the jobs; half of the jobs are single
    /// ones.</summary>
    private const double ShareOfSize = 0.1;
    private static readonly string[] Owners = ["ann", "bob", "eve"];

    /// <summary>The submissions in the order of their jids.</summary>
    public IEnumerable<HistorySubmission> Submissions(long first)
    {
        var random = new Random(1);
        var (next, last) = (first, first + Finished + Unfinished - 1);
        while (next <= last)
        {
            var isOpen = next - first >= Finished;
            var wanted = SizeOf(random);
            var most = (isOpen ? last : first + Finished - 1) - next + 1;
            yield return new HistorySubmission(
                next,
                (int)Math.Min(wanted, most),
                wanted > 1,
                isOpen,
                From + (long)((To - From) * ((double)(next - first) / (last - first + 1))),
                string.Format(
                    Commands[random.Next(Commands.Length)],
                    random.Next(1_000),
                    random.Next(100_000)
                ),
                LabelOf(next - first, random),
                Owners[random.Next(Owners.Length)]
            );
            next += Math.Min(wanted, most);
        }
    }

    /// <summary>1: a single job.</summary>
    private static int SizeOf(Random random)
    {
        var singles = 1 - (ShareOfSize * MapSizes.Length);
        var drawn = random.NextDouble() * (singles + MapSizes.Sum(size => ShareOfSize / size));
        foreach (var size in MapSizes)
            if ((drawn -= ShareOfSize / size) < 0)
                return size;
        return 1;
    }

    private static string LabelOf(long place, Random random) =>
        place is >= 2_000 and < 2_100 ? RareLabel
        : random.Next(3) == 0 ? ""
        : $"run-{random.Next(200)}";
}

/// <param name="At">When it was submitted, µs.</param>
internal sealed record HistorySubmission(
    long First,
    int Count,
    bool IsMap,
    bool IsOpen,
    long At,
    string Command,
    string Label,
    string Owner
)
{
    public long Last => First + Count - 1;
}
