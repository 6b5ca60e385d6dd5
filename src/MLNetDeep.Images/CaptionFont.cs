namespace MLNetDeep.Images;

/// <summary>Letters for captions: five by seven dots and one below the line, in cells of six by nine.</summary>
internal static class CaptionFont
{
    public const int CellWidth = 6, CellHeight = 9;

    private const int Width = 5, Height = 8;
    private const char First = ' ', Last = '~';

    // Five columns a letter, left to right; the lowest bit is the top dot, the highest the one below the line.
    private static readonly byte[] Columns = Convert.FromHexString(
        "0000000000" + "00005F0000" + "0007000700" + "147F147F14" + "242A7F2A12" + "2313086462" + "3649552250" + "0005030000" + // space ! " # $ % & '
        "001C224100" + "0041221C00" + "14083E0814" + "08083E0808" + "0050300000" + "0808080808" + "0060600000" + "2010080402" + // ( ) * + , - . /
        "3E5149453E" + "00427F4000" + "4261514946" + "2141454B31" + "1814127F10" + "2745454539" + "3C4A494930" + "0171090503" + // 0 to 7
        "3649494936" + "064949291E" + "0036360000" + "0056360000" + "0814224100" + "1414141414" + "0041221408" + "0201510906" + // 8 9 : ; < = > ?
        "324979413E" + "7E1111117E" + "7F49494936" + "3E41414122" + "7F4141221C" + "7F49494941" + "7F09090901" + "3E4149497A" + // @ A to G
        "7F0808087F" + "00417F4100" + "2040413F01" + "7F08142241" + "7F40404040" + "7F020C027F" + "7F0408107F" + "3E4141413E" + // H to O
        "7F09090906" + "3E4151215E" + "7F09192946" + "4649494931" + "01017F0101" + "3F4040403F" + "1F2040201F" + "3F4038403F" + // P to W
        "6314081463" + "0708700807" + "6151494543" + "007F414100" + "0204081020" + "0041417F00" + "0402010204" + "4040404040" + // X Y Z [ \ ] ^ _
        "0001020400" + "2054545478" + "7F48444438" + "3844444420" + "384444487F" + "3854545418" + "087E090102" + "18A4A4A47C" + // ` a to g
        "7F08040478" + "00447D4000" + "4080847D00" + "7F10284400" + "00417F4000" + "7C04180478" + "7C08040478" + "3844444438" + // h to o
        "FC24242418" + "18242424FC" + "7C08040408" + "4854545420" + "043F444020" + "3C4040207C" + "1C2040201C" + "3C4030403C" + // p to w
        "4428102844" + "1CA0A0A07C" + "4464544C44" + "0008364100" + "00007F0000" + "0041360800" + "0804081008"); // x y z { | } ~

    /// <summary>A line of text in grey values, black on a background or white on a dark one. Letters that it has not are shown as a question mark.</summary>
    /// <param name="text">The text; what does not fit is cut off, with two dots.</param>
    /// <param name="width">Pixels that it may take, and takes.</param>
    /// <param name="background">The grey behind it.</param>
    public static PngImage Draw(string text, int width, byte background)
    {
        int fit = Math.Max((width + 1) / CellWidth, 1);
        if (text.Length > fit)
            text = fit > 3 ? text[..(fit - 2)] + ".." : text[..fit];
        byte[] pixels = new byte[width * CellHeight];
        pixels.AsSpan().Fill(background);
        byte ink = background < 128 ? byte.MaxValue : (byte)0;
        int left = Math.Max((width - text.Length * CellWidth + 1) / 2, 0);
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i] is >= First and <= Last ? text[i] : '?';
            for (int x = 0; x < Width; x++)
            {
                byte dots = Columns[(letter - First) * Width + x];
                for (int y = 0; y < Height; y++)
                {
                    int at = left + i * CellWidth + x;
                    if ((dots >> y & 1) == 1 && at < width)
                        pixels[(y + 1) * width + at] = ink;
                }
            }
        }

        return new(width, CellHeight, 1, pixels);
    }
}
