using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model.Detail;

namespace JobCloud.FullScreen.Tests.Model.Detail;

public sealed class PlotTests
{
    [Theory]
    [InlineData("0 1 2 3 4 5 6 7 8", 9, " ▁▂▃▄▅▆▇█")]
    [InlineData("8 0 8", 3, "█ █")]
    [InlineData("0.01 8", 2, "▁█")]
    [InlineData("1 8 1 1", 2, "█▁")]
    [InlineData("4 - 4", 3, "▄ ▄")]
    [InlineData("4 4", 6, "▄▄▄▄  ")]
    [InlineData("-", 3, "   ")]
    public void Values_are_drawn_as_bars_of_eight_steps(string values, int width, string row)
    {
        var points = Points(values);
        var plot = Plot.Draw(points, 0, points.Count * 10, 8, width, 1);
        Assert.Equal([row], plot.Rows);
    }

    [Theory]
    [InlineData("0 1 2 3 4 5 6 7 8 9 10 11", 6, "   ⣀⠔⠊", "⡠⠔⠉   ")]
    [InlineData("5 5 5 5", 2, "  ", "⠉⠉")]
    [InlineData("0 11", 1, "⢸", "⡸")]
    [InlineData("11 - - 11", 2, "⠁⠈", "  ")]
    public void Values_are_drawn_as_a_line_of_dots(string values, int width, params string[] rows)
    {
        var points = Points(values);
        var plot = Plot.Draw(points, 0, points.Count * 10, 11, width, 2, look: PlotLook.Dots);
        Assert.Equal(rows, plot.Rows);
    }

    [Fact]
    public void A_line_of_dots_leaves_the_limit_in_sight() =>
        Assert.Equal(
            ["╌╌", "⣀⣀"],
            Plot.Draw(Points("0 0 0 0"), 0, 40, 8, 2, 2, limit: 8, look: PlotLook.Dots).Rows
        );

    [Fact]
    public void A_plot_with_several_rows_fills_from_the_bottom() =>
        Assert.Equal(["  ▄", " ▄█", "▄██"], Plot.Draw(Points("4 12 20"), 0, 30, 24, 3, 3).Rows);

    [Fact]
    public void A_column_shows_its_highest_value()
    {
        var plot = Plot.Draw(Points("1 9 1 1 7 1"), 0, 60, 10, 2, 1);
        Assert.Equal(new PlotPoint(10, 9), plot.Peak);
        Assert.Equal(0, plot.PeakColumn);
    }

    [Property]
    public void A_plot_has_the_requested_size_for_any_samples(
        int[] values,
        PositiveInt w,
        PositiveInt h
    )
    {
        var (width, height) = (w.Get % 50 + 1, h.Get % 10 + 1);
        var points = values.Select((v, i) => new PlotPoint(i, v)).ToList();
        foreach (var look in Enum.GetValues<PlotLook>())
        {
            var until = Math.Max(1, values.Length);
            var plot = Plot.Draw(points, 0, until, 100, width, height, look: look);
            Assert.Equal(height, plot.Rows.Count);
            Assert.All(plot.Rows, row => Assert.Equal(width, row.Length));
            Assert.Equal(values.Length > 0 ? values.Max() : null, (double?)plot.Peak?.Value);
        }
    }

    [Fact]
    public void Cores_are_the_difference_of_two_samples()
    {
        TimelineSample[] samples =
        [
            new()
            {
                At = 2_000_000,
                CpuUs = 1_000_000,
                MemoryBytes = 5,
                DiskBytes = -1,
            },
            new()
            {
                At = 3_000_000,
                CpuUs = 4_000_000,
                MemoryBytes = 6,
                DiskBytes = -1,
            },
            new()
            {
                At = 4_000_000,
                CpuUs = -1,
                MemoryBytes = 7,
                DiskBytes = -1,
            },
        ];
        var series = TimelineSeries.Of(samples, 1_000_000);
        Assert.Equal([1, 3, double.NaN], series[0].Points.Select(p => p.Value));
        Assert.Equal([5, 6, 7], series[1].Points.Select(p => p.Value));
        Assert.All(series[2].Points, p => Assert.True(double.IsNaN(p.Value)));
    }

    [Fact]
    public void A_panel_shows_scale_peak_and_times()
    {
        var series = new TimelineSeries(
            "memory",
            PlotUnit.Bytes,
            [new(0, 1 << 20), new(1_000_000, 3 << 20), new(2_000_000, 2 << 20)]
        );
        Assert.Equal(
            [
                "memory  2 MiB   peak 3 MiB at 00:00:01",
                "                   ▾",
                "   4 MiB┤          ▄▄▄▄▄▄▄▄▄ ",
                "       0┤▄▄▄▄▄▄▄▄▄▄██████████",
                "         00:00:00    00:00:02",
            ],
            PlotPanel.Rows(series, 0, 2_000_000, 29, 5, TimeSpan.Zero)
        );
    }

    [Fact]
    public void A_limit_is_a_line_that_the_values_cover() =>
        Assert.Equal(
            ["   ", "╌╌█", "▄▄█"],
            Plot.Draw(Points("4 4 16"), 0, 30, 24, 3, 3, limit: 16).Rows
        );

    [Theory]
    [InlineData(4, 75, "   4 MiB┤")]
    [InlineData(16, 19, "   4 MiB┤")]
    [InlineData(8, 38, "   8 MiB┤╌╌╌╌╌╌╌╌")]
    public void The_scale_reaches_a_limit_that_is_not_far_above_the_values(
        int limit,
        int percent,
        string top
    )
    {
        var rows = PlotPanel.Rows(Memory(limit << 20, 1, 3, 2), 0, 2_000_000, 29, 7, TimeSpan.Zero);
        Assert.StartsWith(top, rows[2]);
        Assert.EndsWith($"limit {limit} MiB ({percent} %)", rows[0]);
    }

    [Theory]
    [InlineData("memory  3 MiB all the time", 3, 3, 3)]
    [InlineData("memory  0 B all the time", 0, 0)]
    public void A_flat_series_is_one_line(string line, params int[] values) =>
        Assert.Equal([line], PlotPanel.Rows(Memory(0, values), 0, 2_000_000, 60, 8, TimeSpan.Zero));

    [Fact]
    public void The_attempts_of_a_job_are_marked_from_start_to_end()
    {
        var job = new JobDetail
        {
            Attempt = 3,
            Status = Status.Processing,
            Started = 60,
            Attempts =
            {
                new AttemptRecord
                {
                    Attempt = 1,
                    Started = 10,
                    Finished = 30,
                },
                new AttemptRecord { Attempt = 2 },
            },
        };
        Assert.Equal("1───✗     3────────●", AttemptStrip.Of(job, 105, 20));
        job.Attempts.Clear();
        Assert.Equal("", AttemptStrip.Of(job, 105, 20));
    }

    [Fact]
    public void An_unmeasured_series_shows_a_note_instead_of_a_plot()
    {
        var series = new TimelineSeries("disk", PlotUnit.Bytes, [new(0, double.NaN)]);
        Assert.Equal(["disk  not measured"], PlotPanel.Rows(series, 0, 10, 40, 8, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(0.3, 0.5)]
    [InlineData(1.5, 2)]
    [InlineData(3.9, 5)]
    public void A_scale_of_cores_ends_at_a_round_number(double highest, double top) =>
        Assert.Equal(top, PlotUnit.Cores.Top(highest), 6);

    // In MiB, one value a second.
    private static TimelineSeries Memory(double limit, params int[] values) =>
        new(
            "memory",
            PlotUnit.Bytes,
            [.. values.Select((v, i) => new PlotPoint(i * 1_000_000L, (double)v * (1 << 20)))],
            limit
        );

    // One value every 10 µs; - means not measured.
    private static List<PlotPoint> Points(string values) =>
        [
            .. values
                .Split(' ')
                .Select(
                    (v, i) =>
                        new PlotPoint(
                            i * 10,
                            v == "-"
                                ? double.NaN
                                : double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)
                        )
                ),
        ];
}
