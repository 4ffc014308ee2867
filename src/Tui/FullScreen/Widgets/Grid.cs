using System.Text;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>A cell: a grapheme and its style.</summary>
/// <param name="Text">Empty: the wide grapheme to the left covers it.</param>
internal readonly record struct Cell(string Text, Style Style);

/// <summary>The cells of the whole terminal, painted from scratch at each redraw.</summary>
internal sealed class Grid
{
    private Cell[] _cells = [];

    public int Width { get; private set; }
    public int Height { get; private set; }

    public ref Cell this[int x, int y] => ref _cells[y * Width + x];

    /// <summary>Resizes and clears the grid; returns a canvas over all of it.</summary>
    public Canvas Begin(int width, int height)
    {
        if (width != Width || height != Height)
            (_cells, Width, Height) = (new Cell[width * height], width, height);
        Array.Fill(_cells, new Cell(" ", Ink.Text));
        return new Canvas(this, 0, 0, width, height);
    }

    /// <summary>The text without styles, line by line, without trailing spaces.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        for (var y = 0; y < Height; y++)
        {
            var line = new StringBuilder();
            for (var x = 0; x < Width; x++)
                line.Append(this[x, y].Text);
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }
        return text.ToString();
    }
}
