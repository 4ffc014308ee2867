using JobCloud.Tui.FullScreen.Model.Output;

namespace JobCloud.Tui.FullScreen.Widgets;

/// <summary>A rectangle of a grid to paint in; anything outside it is clipped.</summary>
internal readonly struct Canvas(Grid grid, int left, int top, int width, int height)
{
    private const string Cut = "…";

    public int Width => width;
    public int Height => height;

    /// <summary>A part of this canvas, clipped to it.</summary>
    public Canvas Part(int x, int y, int w, int h)
    {
        var (x0, y0) = (Math.Clamp(x, 0, width), Math.Clamp(y, 0, height));
        return new Canvas(
            grid,
            left + x0,
            top + y0,
            Math.Clamp(x + w - x0, 0, width - x0),
            Math.Clamp(y + h - y0, 0, height - y0)
        );
    }

    /// <summary>Draws one cell. Everything on the screen passes here, so no text of others controls
    /// the terminal.</summary>
    public void Put(int x, int y, string grapheme, Style style)
    {
        if ((uint)x < (uint)width && (uint)y < (uint)height)
            grid[left + x, top + y] = new Cell(Graphemes.Visible(grapheme), style);
    }

    public void Put(int x, int y, char c, Style style) => Put(x, y, Graphemes.Of(c), style);

    public void Fill(Style style, char c = ' ')
    {
        for (var y = 0; y < height; y++)
            Fill(0, y, width, style, c);
    }

    public void Fill(int x, int y, int count, Style style, char c = ' ')
    {
        var text = Graphemes.Of(c);
        for (var i = 0; i < count; i++)
            Put(x + i, y, text, style);
    }

    /// <summary>Sets the ground of a line; special grounds stay.</summary>
    public void Ground(int y, Ground ground)
    {
        if ((uint)y >= (uint)height)
            return;
        for (var x = 0; x < width; x++)
        {
            ref var cell = ref grid[left + x, top + y];
            cell = cell with { Style = cell.Style.Over(ground) };
        }
    }

    /// <summary>Takes the colours from everything painted.</summary>
    public void Grey()
    {
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            ref var cell = ref grid[left + x, top + y];
            cell = cell with { Style = new Style(Ink.Muted, cell.Style.Ground) };
        }
    }

    /// <summary>Writes a text; one that is longer than <paramref name="room"/> ends with an
    /// ellipsis. Returns the column after it.</summary>
    public int Text(int x, int y, ReadOnlySpan<char> text, Style style, int room = int.MaxValue)
    {
        room = Math.Min(room, width - x);
        if (room <= 0 || (uint)y >= (uint)height)
            return x;
        var cut = Graphemes.Columns(text, room + 1) > room;
        var columnEnd = x + room - (cut ? 1 : 0);
        while (text.Length > 0)
        {
            var length = Graphemes.First(text, out var columns);
            if (x + columns > columnEnd)
                break;
            if (columns > 0)
                Write(x, y, text[..length], columns, style);
            x += columns;
            text = text[length..];
        }
        if (cut)
            Put(x++, y, Cut, style);
        return x;
    }

    /// <summary>Writes a right-aligned text that ends before a column. Returns its first
    /// column.</summary>
    public int TextRight(int columnEnd, int y, ReadOnlySpan<char> text, Style style)
    {
        var start = columnEnd - Graphemes.Columns(text, width);
        Text(Math.Max(0, start), y, text, style);
        return start;
    }

    /// <summary>Draws a border with a title around the canvas; returns the part inside
    /// it.</summary>
    public Canvas Box(string title, Style style, Style titleStyle)
    {
        for (var x = 1; x < width - 1; x++)
        {
            Put(x, 0, '─', style);
            Put(x, height - 1, '─', style);
        }
        for (var y = 1; y < height - 1; y++)
        {
            Put(0, y, '│', style);
            Put(width - 1, y, '│', style);
        }
        Put(0, 0, '┌', style);
        Put(width - 1, 0, '┐', style);
        Put(0, height - 1, '└', style);
        Put(width - 1, height - 1, '┘', style);
        if (title.Length > 0 && width > 6)
            Text(2, 0, $" {title} ", titleStyle, width - 4);
        return Part(1, 1, width - 2, height - 2);
    }

    private void Write(int x, int y, ReadOnlySpan<char> grapheme, int columns, Style style)
    {
        Put(x, y, grapheme.Length == 1 ? Graphemes.Of(grapheme[0]) : grapheme.ToString(), style);
        for (var i = 1; i < columns; i++)
            Put(x + i, y, "", style);
    }
}
