using JobCloud.Protocol.Api;
using JobCloud.Protocol.Maps;

namespace JobCloud.Tui.FullScreen.Model.Maps;

/// <summary>What the colours of a heat-map show.</summary>
internal enum HeatMeasure
{
    Status,
    Runtime,
    Memory,
}

/// <summary>The cells of a map in lines of one width.</summary>
/// <param name="First">The first jid.</param>
/// <param name="Last">The last jid.</param>
/// <param name="Jobs">The number of jobs of a cell.</param>
/// <param name="Width">The number of cells of a line.</param>
internal sealed record HeatMap(
    long First,
    long Last,
    long Jobs,
    int Width,
    IReadOnlyList<Status> Statuses,
    IReadOnlyList<long> Runtimes,
    IReadOnlyList<long> Memory
)
{
    /// <summary>The number of levels of a measure, of which 0 is none.</summary>
    public const int Levels = 5;

    /// <summary>Cells that a reply is asked for.</summary>
    public const int MaxCells = 10_000;

    private readonly long _maxRuntime = Runtimes.DefaultIfEmpty().Max();
    private readonly long _maxMemory = Memory.DefaultIfEmpty().Max();

    public int Count => Statuses.Count;

    /// <summary>The number of lines of cells.</summary>
    public int Lines => (Count + Width - 1) / Width;

    /// <summary>The cells of a reply, folded further if they do not fit.</summary>
    /// <param name="lines">Lines of cells, at most.</param>
    public static HeatMap Of(MapReply reply, int width, int lines)
    {
        var cells = reply.Cells;
        var room = Math.Max(1, Math.Max(1, width) * lines);
        var fold = (cells.Statuses.Length + room - 1) / room;
        var count = fold == 0 ? 0 : (cells.Statuses.Length + fold - 1) / fold;
        var (statuses, runtimes, memory) = (new Status[count], new long[count], new long[count]);
        for (var i = 0; i < cells.Statuses.Length; i++)
        {
            var (at, status) = (i / fold, (Status)cells.Statuses[i]);
            if (MapFold.Attention(status) > MapFold.Attention(statuses[at]))
                statuses[at] = status;
            runtimes[at] = Math.Max(runtimes[at], cells.RuntimesUs[i]);
            memory[at] = Math.Max(memory[at], cells.MemoryBytes[i]);
        }
        return new HeatMap(
            reply.First,
            reply.Last,
            cells.Jobs * Math.Max(1, fold),
            Math.Max(1, width),
            statuses,
            runtimes,
            memory
        );
    }

    /// <summary>The cell of a job.</summary>
    public int CellOf(long jid) => (int)Math.Clamp((jid - First) / Jobs, 0, Math.Max(0, Count - 1));

    /// <summary>The jobs of a cell.</summary>
    public (long First, long Last) JobsOf(int cell)
    {
        var first = First + cell * Jobs;
        return (first, Math.Min(Last, first + Jobs - 1));
    }

    /// <summary>The level of a cell in a measure other than the status.</summary>
    public int LevelOf(int cell, HeatMeasure measure)
    {
        var (value, max) =
            measure == HeatMeasure.Memory
                ? (Memory[cell], _maxMemory)
                : (Runtimes[cell], _maxRuntime);
        return value <= 0 ? 0 : 1 + (int)Math.Min(Levels - 2, value * (Levels - 1) / (max + 1));
    }

    /// <summary>The greatest value of a measure.</summary>
    public long MaxOf(HeatMeasure measure) =>
        measure == HeatMeasure.Memory ? _maxMemory : _maxRuntime;
}
