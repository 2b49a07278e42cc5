// Photos are made small on the phone: a slow network gets 200 kB instead of 6 MB, and no place inside.
const LONGEST = 1600, QUALITY = 0.82

/** A JPEG of at most 1600 px; the file as it is where the browser cannot draw it (the server judges). */
export async function smaller(file: Blob): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    return made ?? file
  } catch { return file }
}
